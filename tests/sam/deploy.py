"""Deploys the built template to moto by `samlocal`, and once more beside it, and serves moto until its input ends.

Argument: the folder that `sam build` made. Prints one JSON line: moto's address and what each stack became.
"""

import io
import json
import logging
import os
import subprocess
import sys
import tempfile
import warnings
import zipfile

import boto3
import moto_schedule  # noqa: F401 - moto finds it by itself
from botocore.exceptions import ClientError
from moto.server import ThreadedMotoServer
from resources import check_stack, expect
from samtranslator.yaml_helper import yaml_parse
from translation import FUNCTIONS, write_deployable

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
REGION = "eu-central-1"
os.environ.update(AWS_ACCESS_KEY_ID="fake", AWS_SECRET_ACCESS_KEY="fake", AWS_DEFAULT_REGION=REGION)
PARAMETERS = {"SpreadsheetId": "simulated-spreadsheet", "AlarmEmail": "owner@example.org"}
BUCKET = "uploads"


def samlocal_deploy(built: str, url: str) -> None:
    """As the README says, by samconfig.toml, but into a bucket that is there: moto cannot make SAM's own."""
    with tempfile.TemporaryDirectory() as folder:
        write_deployable(built, PARAMETERS, f"{folder}/template.json")
        command = [
            f"{os.path.dirname(sys.executable)}/samlocal",
            "deploy",
            f"--template-file={folder}/template.json",
            f"--config-file={os.path.abspath(f'{built}/../../samconfig.toml')}",
            "--no-resolve-s3",
            f"--s3-bucket={BUCKET}",
            "--no-confirm-changeset",
            "--parameter-overrides",
            *[f"{name}={value}" for name, value in PARAMETERS.items()],
        ]
        addresses = {"AWS_ENDPOINT_URL": url, "SAM_CLI_TELEMETRY": "0", "DISABLE_DEPRECATION_NOTICE": "1"}
        ended = subprocess.run(command, env={**os.environ, **addresses}, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, f"samlocal deploy ended with {ended.returncode}:\n{ended.stdout}\n{ended.stderr}"


def uploaded_code(client, body: str, function: str) -> dict:
    code = yaml_parse(body)["Resources"][function]["Properties"]["Code"]
    content = client("s3").get_object(Bucket=code["S3Bucket"], Key=code["S3Key"])["Body"].read()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def built_code(built: str, function: str) -> dict:
    folder = f"{built}/{function}"
    code = {}
    for name in os.listdir(folder):
        with open(f"{folder}/{name}", "rb") as file:
            code[name] = file.read()
    return code


def main(built: str) -> None:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    # By this name moto knows that the bucket stands in the path of a template's address, and not in the host.
    url = f"http://localhost:{server.get_host_and_port()[1]}"

    def client(service: str, region: str = REGION):
        return boto3.client(service, endpoint_url=url, region_name=region)

    client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    samlocal_deploy(built, url)
    (deployed,) = client("cloudformation").describe_stacks()["Stacks"]
    expect("the stack", (deployed["StackName"], deployed["StackStatus"]), ("trading-alerts", "CREATE_COMPLETE"))
    body = client("cloudformation").get_template(StackName="trading-alerts")["TemplateBody"]
    for function in FUNCTIONS:
        uploaded = uploaded_code(client, body, function)
        assert uploaded == built_code(built, function), f"samlocal uploaded other files of {function} than sam build made"

    # What samlocal uploaded, deployed again: in a region that is refused, and beside the first stack, with the fan-out.
    parameters = [{"ParameterKey": key, "ParameterValue": value} for key, value in PARAMETERS.items()]
    options = {"TemplateBody": body, "Parameters": parameters, "Capabilities": ["CAPABILITY_IAM"]}
    try:
        client("cloudformation", "us-east-1").create_stack(StackName="refused", **options)
    except ClientError:
        pass
    else:
        raise AssertionError("the template was deployed to us-east-1, where exchanges refuse")
    fans_out = {"ParameterKey": "FanOut", "ParameterValue": "true"}
    client("cloudformation").create_stack(StackName="second", **{**options, "Parameters": [*parameters, fans_out]})

    stacks = [
        check_stack(client, "trading-alerts", PARAMETERS),
        check_stack(client, "second", {**PARAMETERS, "FanOut": "true"}),
    ]
    # Moto tells no outputs of a stack that a change set made.
    second = client("cloudformation").describe_stacks(StackName="second")["Stacks"][0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in second["Outputs"]}
    expect("the output TableName", outputs["TableName"], stacks[1]["table"])
    print(json.dumps({"url": url, "stacks": stacks}), flush=True)
    sys.stdin.read()
    server.stop()


main(sys.argv[1])
