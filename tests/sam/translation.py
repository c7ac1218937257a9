"""The built template as plain CloudFormation, without what moto does not know."""

import json
import os

from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

# https://docs.getmoto.org/en/latest/docs/services/cf.html
UNKNOWN_TO_MOTO = {
    "AWS::CloudWatch::Alarm",
    "AWS::SNS::Subscription",
    "AWS::Lambda::EventInvokeConfig",
}


FUNCTIONS = ("CheckFunction", "DeliverFunction")


def translate(built: str, parameters: dict) -> dict:
    with open(f"{built}/template.yaml", encoding="utf8") as file:
        template = yaml_parse(file.read())
    folders = {}
    for name in FUNCTIONS:
        function = template["Resources"][name]["Properties"]
        folders[name] = os.path.abspath(f"{built}/{function['CodeUri']}")
        # The translator takes no folder; `samlocal deploy` does, and uploads it.
        function["CodeUri"] = "s3://not-uploaded/yet"
    translated = Translator({}, Parser()).translate(template, dict(parameters))
    for name, folder in folders.items():
        translated["Resources"][name]["Properties"]["Code"] = folder
    return translated


def without_unknown(template: dict) -> dict:
    resources = template["Resources"]
    dashboard = json.dumps(resources["Dashboard"])
    for name in [name for name, resource in resources.items() if resource["Type"] in UNKNOWN_TO_MOTO]:
        del resources[name]
        dashboard = dashboard.replace("${%s.Arn}" % name, f"arn:aws:cloudwatch:::alarm:{name}")
    resources["Dashboard"] = json.loads(dashboard)
    return template


def write_deployable(built: str, parameters: dict, path: str) -> None:
    translated = translate(built, parameters)
    roles = sorted(name for name, resource in translated["Resources"].items() if "IAM" in resource["Type"])
    assert roles == ["CheckRole", "DeliverRole", "ScheduleRole"], f"SAM added permissions of its own: {roles}"
    with open(path, "w", encoding="utf8") as file:
        json.dump(without_unknown(translated), file)
