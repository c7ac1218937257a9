"""What a stack must have become, asked of the services themselves and not of CloudFormation."""

import ast
import json

COUNTS = {
    "AWS::CloudWatch::Dashboard": 1,
    "AWS::DynamoDB::Table": 1,
    "AWS::IAM::Role": 2,
    "AWS::Lambda::Function": 1,
    "AWS::Logs::LogGroup": 1,
    "AWS::SNS::Topic": 1,
    "AWS::SQS::Queue": 1,
    "AWS::Scheduler::Schedule": 1,
}


def expect(what: str, found, expected) -> None:
    assert found == expected, f"{what}: expected {expected}, got {found}"


def physical_ids(client, stack: str) -> dict:
    made = client("cloudformation").describe_stack_resources(StackName=stack)["StackResources"]
    counts: dict = {}
    for resource in made:
        counts[resource["ResourceType"]] = counts.get(resource["ResourceType"], 0) + 1
    expect(f"the resources of {stack}", counts, COUNTS)
    return {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in made}


def check_table(client, name: str) -> str:
    table = client("dynamodb").describe_table(TableName=name)["Table"]
    indexes = table.get("GlobalSecondaryIndexes", [])
    expect("the table's key", table["KeySchema"], [{"AttributeName": "id", "KeyType": "HASH"}])
    expect(
        "the table's indexes",
        [(index["IndexName"], index["KeySchema"], index["Projection"]) for index in indexes],
        [
            (
                "entity_type-index",
                [{"AttributeName": "entity_type", "KeyType": "HASH"}, {"AttributeName": "id", "KeyType": "RANGE"}],
                {"ProjectionType": "ALL"},
            )
        ],
    )
    types = {one["AttributeName"]: one["AttributeType"] for one in table["AttributeDefinitions"]}
    expect("the types of the keys", types, {"id": "S", "entity_type": "S"})
    expect("the table's price", table["BillingModeSummary"]["BillingMode"], "PAY_PER_REQUEST")
    return table["TableArn"]


def check_function(client, ids: dict, stack: str, parameters: dict) -> dict:
    function = client("lambda").get_function_configuration(FunctionName=ids["CheckFunction"])
    for what, expected in {"Handler": "check.handler", "Runtime": "nodejs24.x", "Timeout": 120, "MemorySize": 512}.items():
        expect(f"the function's {what}", function[what], expected)
    variables = function["Environment"]["Variables"]
    for name, expected in {
        "DYNAMODB_TABLE_NAME": ids["AlertTable"],
        "GOOGLE_SHEETS_SPREADSHEET_ID": parameters["SpreadsheetId"],
        "POWERTOOLS_SERVICE_NAME": stack,
        "SECRET_ID": "trading-alerts",
        "SHEET_TAB": "Alerts",
    }.items():
        expect(f"the function's {name}", variables.get(name), expected)
    expect("the function's role", function["Role"], role(client, ids["CheckRole"])["Arn"])
    return function


def role(client, name: str) -> dict:
    return client("iam").get_role(RoleName=name)["Role"]


def check_role(client, name: str, service: str, policy: str, expected: dict) -> None:
    trusted = [one["Principal"]["Service"] for one in role(client, name)["AssumeRolePolicyDocument"]["Statement"]]
    expect(f"who may be {name}", trusted, [service])
    expect(f"the policies of {name}", client("iam").list_role_policies(RoleName=name)["PolicyNames"], [policy])
    # Moto gives it as Python writes it, and not as JSON.
    document = ast.literal_eval(client("iam").get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"])
    found = {statement["Sid"]: statement["Resource"] for statement in document["Statement"]}
    expect(f"what {name} may use", found, expected)


def check_schedule(client, ids: dict, function_arn: str, queue_arn: str) -> None:
    (name,) = [name for logical, name in ids.items() if logical.startswith("CheckFunction") and logical != "CheckFunction"]
    schedule = client("scheduler").get_schedule(Name=name)
    expect("the schedule", (schedule["ScheduleExpression"], schedule["State"]), ("rate(5 minutes)", "ENABLED"))
    target = {
        "Arn": function_arn,
        "RoleArn": role(client, ids["ScheduleRole"])["Arn"],
        "Input": '{"source":"schedule"}',
        "RetryPolicy": {"MaximumRetryAttempts": 3, "MaximumEventAgeInSeconds": 240},
        "DeadLetterConfig": {"Arn": queue_arn},
    }
    expect("what the schedule starts", schedule["Target"], target)


def check_stack(client, stack: str, parameters: dict) -> dict:
    """Gives the name of the table and the environment of the function."""
    ids = physical_ids(client, stack)
    table_arn = check_table(client, ids["AlertTable"])
    function = check_function(client, ids, stack, parameters)
    asked = client("sqs").get_queue_attributes(QueueUrl=ids["DeadLetters"], AttributeNames=["QueueArn"])
    queue_arn = asked["Attributes"]["QueueArn"]
    check_schedule(client, ids, function["FunctionArn"], queue_arn)
    (group,) = client("logs").describe_log_groups(logGroupNamePrefix=ids["CheckLogGroup"])["logGroups"]
    account = function["FunctionArn"].split(":")[4]
    secret_arn = f"arn:aws:secretsmanager:eu-central-1:{account}:secret:trading-alerts-??????"
    may_use = {
        "ReadAndWriteAlerts": table_arn,
        "ListAlerts": f"{table_arn}/index/entity_type-index",
        "ReadSecret": secret_arn,
        # In AWS it ends with ":*", as the group itself says; as an attribute of the resource, moto leaves that out.
        "WriteLog": group["arn"].removesuffix(":*"),
        "KeepFailedEvents": queue_arn,
    }
    check_role(client, ids["CheckRole"], "lambda.amazonaws.com", "check", may_use)
    may_use = {"StartCheck": function["FunctionArn"], "KeepUndeliveredEvents": queue_arn}
    check_role(client, ids["ScheduleRole"], "scheduler.amazonaws.com", "schedule", may_use)
    shown = json.loads(client("cloudwatch").get_dashboard(DashboardName=ids["Dashboard"])["DashboardBody"])
    assert stack in json.dumps(shown["widgets"]), f"the dashboard of {stack} does not show its metrics"
    return {"name": stack, "table": ids["AlertTable"], "environment": function["Environment"]["Variables"]}
