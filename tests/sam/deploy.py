"""Deploys the built template to moto's CloudFormation, twice, and serves moto until its input ends.

Argument: the folder that `sam build` made. Prints one JSON line: moto's address and what each stack became.
"""

import io
import json
import logging
import os
import sys
import warnings
import zipfile

import boto3
from botocore.exceptions import ClientError
from moto.server import ThreadedMotoServer
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
REGION = "eu-central-1"
os.environ.update(AWS_ACCESS_KEY_ID="fake", AWS_SECRET_ACCESS_KEY="fake", AWS_DEFAULT_REGION=REGION)
PARAMETERS = {"SpreadsheetId": "simulated-spreadsheet", "AlarmEmail": "owner@example.org"}
# What moto's CloudFormation does not know. https://docs.getmoto.org/en/latest/docs/services/cf.html
UNKNOWN_TO_MOTO = {
    "AWS::CloudWatch::Alarm",
    "AWS::SNS::Subscription",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Scheduler::Schedule",
}
EXPECTED = {
    "AWS::CloudWatch::Dashboard": 1,
    "AWS::DynamoDB::Table": 1,
    "AWS::IAM::Role": 2,
    "AWS::Lambda::Function": 1,
    "AWS::Logs::LogGroup": 1,
    "AWS::SNS::Topic": 1,
    "AWS::SQS::Queue": 1,
}


def translate(built: str) -> dict:
    with open(f"{built}/template.yaml", encoding="utf8") as file:
        template = yaml_parse(file.read())
    template["Resources"]["CheckFunction"]["Properties"]["CodeUri"] = "s3://code/check.zip"
    return Translator({}, Parser()).translate(template, dict(PARAMETERS))


def without_unknown(template: dict) -> dict:
    resources = template["Resources"]
    dashboard = resources["Dashboard"]["Properties"]["DashboardBody"]
    for name in [name for name, resource in resources.items() if resource["Type"] in UNKNOWN_TO_MOTO]:
        del resources[name]
        dashboard["Fn::Sub"] = dashboard["Fn::Sub"].replace("${%s.Arn}" % name, f"arn:aws:cloudwatch:::alarm:{name}")
    return template


def zipped(folder: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in os.listdir(folder):
            archive.write(f"{folder}/{name}", name)
    return content.getvalue()


def main(built: str) -> None:
    translated = translate(built)
    roles = sorted(name for name, resource in translated["Resources"].items() if "IAM" in resource["Type"])
    assert roles == ["CheckRole", "ScheduleRole"], f"SAM added permissions of its own: {roles}"
    body = json.dumps(without_unknown(translated))

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    url = "http://%s:%s" % server.get_host_and_port()

    def client(service: str, region: str = REGION):
        return boto3.client(service, endpoint_url=url, region_name=region)

    bucket = {"LocationConstraint": REGION}
    client("s3").create_bucket(Bucket="code", CreateBucketConfiguration=bucket)
    client("s3").put_object(Bucket="code", Key="check.zip", Body=zipped(f"{built}/CheckFunction"))
    parameters = [{"ParameterKey": key, "ParameterValue": value} for key, value in PARAMETERS.items()]
    options = {"TemplateBody": body, "Parameters": parameters, "Capabilities": ["CAPABILITY_IAM"]}

    try:
        client("cloudformation", "us-east-1").create_stack(StackName="refused", **options)
    except ClientError:
        pass
    else:
        raise AssertionError("the template was deployed to us-east-1, where exchanges refuse")

    cloudformation = client("cloudformation")
    stacks = []
    for name in ("first", "second"):
        cloudformation.create_stack(StackName=name, **options)
        stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        assert stack["StackStatus"] == "CREATE_COMPLETE", f"{name}: {stack['StackStatus']}"
        made = cloudformation.describe_stack_resources(StackName=name)["StackResources"]
        counts: dict = {}
        for resource in made:
            counts[resource["ResourceType"]] = counts.get(resource["ResourceType"], 0) + 1
        assert counts == EXPECTED, f"{name} became {counts}, expected {EXPECTED}"
        outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        function = client("lambda").get_function_configuration(FunctionName=outputs["FunctionName"])
        dashboard = next(one["PhysicalResourceId"] for one in made if one["ResourceType"].endswith("Dashboard"))
        shown = json.loads(client("cloudwatch").get_dashboard(DashboardName=dashboard)["DashboardBody"])
        assert name in json.dumps(shown["widgets"]), f"the dashboard of {name} does not show its metrics"
        stacks.append({"name": name, "outputs": outputs, "environment": function["Environment"]["Variables"]})
    print(json.dumps({"url": url, "stacks": stacks}), flush=True)
    sys.stdin.read()
    server.stop()


main(sys.argv[1])
