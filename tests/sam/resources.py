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
# Beside these, with the fan-out.
FAN_OUT = {"AWS::IAM::Role": 1, "AWS::Lambda::EventSourceMapping": 1, "AWS::Lambda::Function": 1, "AWS::SQS::Queue": 2}


def expect(what: str, found, expected) -> None:
    assert found == expected, f"{what}: expected {expected}, got {found}"


def physical_ids(client, stack: str, fans_out: bool) -> dict:
    listed = client("cloudformation").describe_stack_resources(StackName=stack)["StackResources"]
    # Of what a condition leaves out, moto lists an entry without its type.
    made = [resource for resource in listed if "ResourceType" in resource]
    counts: dict = {}
    for resource in made:
        counts[resource["ResourceType"]] = counts.get(resource["ResourceType"], 0) + 1
    added = FAN_OUT if fans_out else {}
    expected = {kind: COUNTS.get(kind, 0) + added.get(kind, 0) for kind in {**COUNTS, **added}}
    expect(f"the resources of {stack}", counts, expected)
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
    # In place of AWS::NoValue in a list, moto leaves nothing; CloudFormation takes the place out.
    statements = [statement for statement in document["Statement"] if statement is not None]
    found = {statement["Sid"]: statement["Resource"] for statement in statements}
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


def queue_arn_of(client, url: str) -> str:
    asked = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return asked["Attributes"]["QueueArn"]


def check_fan_out(client, ids: dict, table_arn: str, secret_arn: str, log_arn: str) -> dict:
    """Gives the environment of the deliveries."""
    doorbells = queue_arn_of(client, ids["Doorbells"])
    attributes = client("sqs").get_queue_attributes(QueueUrl=ids["Doorbells"], AttributeNames=["All"])["Attributes"]
    expect("how long a message stays hidden", attributes["VisibilityTimeout"], "240")
    unheard = queue_arn_of(client, ids["UnheardDoorbells"])
    redrive = json.loads(attributes["RedrivePolicy"])
    expect("where messages are set aside", (redrive["deadLetterTargetArn"], int(redrive["maxReceiveCount"])), (unheard, 5))
    function = client("lambda").get_function_configuration(FunctionName=ids["DeliverFunction"])
    for what, expected in {"Handler": "deliver.handler", "Runtime": "nodejs24.x", "Timeout": 30, "MemorySize": 512}.items():
        expect(f"the deliveries' {what}", function[what], expected)
    variables = function["Environment"]["Variables"]
    expect("the queue that the deliveries ring again", variables["SQS_QUEUE_URL"], ids["Doorbells"])
    (mapping,) = client("lambda").list_event_source_mappings(FunctionName=ids["DeliverFunction"])["EventSourceMappings"]
    expect("what the deliveries hear", (mapping["EventSourceArn"], mapping["BatchSize"]), (doorbells, 10))
    may_use = {
        "ReadAndWriteAlerts": table_arn,
        "ReadSecret": secret_arn,
        "WriteLog": log_arn,
        "HearAndRing": doorbells,
    }
    check_role(client, ids["DeliverRole"], "lambda.amazonaws.com", "deliver", may_use)
    return variables


def check_stack(client, stack: str, parameters: dict) -> dict:
    """Gives the name of the table, and the environment of each function."""
    fans_out = parameters.get("FanOut") == "true"
    ids = physical_ids(client, stack, fans_out)
    table_arn = check_table(client, ids["AlertTable"])
    function = check_function(client, ids, stack, parameters)
    queue_arn = queue_arn_of(client, ids["DeadLetters"])
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
    queue_url = function["Environment"]["Variables"].get("SQS_QUEUE_URL")
    expect("the queue that the check rings", queue_url, ids["Doorbells"] if fans_out else None)
    log_arn = may_use["WriteLog"]
    deliveries = check_fan_out(client, ids, table_arn, secret_arn, log_arn) if fans_out else None
    if fans_out:
        may_use["Ring"] = queue_arn_of(client, ids["Doorbells"])
    check_role(client, ids["CheckRole"], "lambda.amazonaws.com", "check", may_use)
    may_use = {"StartCheck": function["FunctionArn"], "KeepUndeliveredEvents": queue_arn}
    check_role(client, ids["ScheduleRole"], "scheduler.amazonaws.com", "schedule", may_use)
    shown = json.loads(client("cloudwatch").get_dashboard(DashboardName=ids["Dashboard"])["DashboardBody"])
    assert stack in json.dumps(shown["widgets"]), f"the dashboard of {stack} does not show its metrics"
    environment = function["Environment"]["Variables"]
    return {"name": stack, "table": ids["AlertTable"], "environment": environment, "deliveries": deliveries}
