"""Values that the extension of a binding refuses, and fields that exclude each other."""

import pytest

from tests.support.validator import Find, Found, Plant, find_problems
from tests.validator.rules.binding_files import STORAGE, function
from tests.validator.rules.settings_files import local

BLOB = f"blob_trigger('x', 'samples/{{name}}', {STORAGE}"
COSMOS = f"database_name='d', container_name='c', connection={STORAGE}"
TRIGGER = f"cosmos_db_trigger('x', {COSMOS}"
SQL = f"connection_string_setting={STORAGE}"
SERVICE_BUS = f"service_bus_queue_trigger('x', {STORAGE}, 'orders'"
ROUTE = "@bp.route(route='orders/{id}')\n"


def found(plant: Plant, find: Find, decorators: str, parameters: str = "x") -> list[Found]:
    files = {
        "blueprints/orders.py": function(decorators, parameters),
        "local.settings.json": local(
            SAME="c", OrdersStorage="AccountEndpoint=https://a/;AccountKey=k;"
        ),
    }
    return find(plant(files), "AF254")


@pytest.mark.parametrize(
    ("decorator", "fix"),
    [
        (f"{BLOB}, source='EVENT_GRID')", 'Write "EventGrid" or "LogsAndContainerScan".'),
        (f"{BLOB}, source='Polling')", 'Write "EventGrid" or "LogsAndContainerScan".'),
        ("timer_trigger('x', '0 0 3 * * *', use_monitor='no')", "Write True or False."),
        (f"{SERVICE_BUS}, is_sessions_enabled='yes')", "Write True or False."),
        (f"{TRIGGER}, feed_poll_delay='00:00:05')", "Write a number of milliseconds."),
        (f"{TRIGGER}, max_items_per_invocation='many')", "Write a number."),
        (
            f"{TRIGGER}, start_from_time='yesterday')",
            'Write a time such as "2026-02-16T14:19:29Z".',
        ),
        (
            "generic_trigger('x', 'webPubSubTrigger', hub='h', eventName='m', eventType='client')",
            'Write "user" or "system".',
        ),
    ],
)
def test_a_value_that_an_extension_refuses_is_found(
    decorator: str, fix: str, plant: Plant, find: Find
) -> None:
    [problem] = found(plant, find, f"@bp.{decorator}")
    assert problem.fix == fix
    assert "so the host does not start the function" in problem.message


@pytest.mark.parametrize(
    "decorator",
    [
        f"{BLOB}, source='eventGrid')",
        f"{BLOB}, source=func.BlobSource.EVENT_GRID)",
        f"{BLOB}, source=func.BlobSource.LOGS_AND_CONTAINER_SCAN)",
        f"{BLOB})",
        "timer_trigger('x', '0 0 3 * * *', use_monitor='False')",
        f"{SERVICE_BUS}, is_sessions_enabled='%SESSIONS%')",
        f"{TRIGGER}, feed_poll_delay='5000', create_lease_container_if_not_exists='true')",
        f"{TRIGGER}, start_from_time='2026-02-16T14:19:29Z', start_from_beginning=False)",
        "generic_trigger('x', 'webPubSubTrigger', hub='h', eventName='m', eventType='User')",
    ],
)
def test_a_value_that_an_extension_takes_is_not_reported(
    decorator: str, plant: Plant, find: Find
) -> None:
    assert found(plant, find, f"@bp.{decorator}") == []


@pytest.mark.parametrize(
    ("parameters", "fix"),
    [
        ("Id={id}", 'Write "@Id={id}".'),
        ("@Id={id}, @Name={Query.name}", 'Write "@Id={id},@Name={Query.name}".'),
        ("@Id={id},Name=%NAME%", 'Write "@Id={id},@Name=%NAME%".'),
        ("@Id", "Write them as in @id={id},@name={name}."),
        ("@Filter=a=b", "Write them as in @id={id},@name={name}."),
        ("@Id={id},@Names=Ada, Grace", "Write them as in @id={id},@name={name}."),
    ],
)
@pytest.mark.parametrize("kind", ["sql", "mysql"])
def test_parameters_of_a_query_that_cannot_be_read_are_found(
    kind: str, parameters: str, fix: str, plant: Plant, find: Find
) -> None:
    decorator = f"@bp.{kind}_input('x', 'SELECT 1', {SQL}, parameters='{parameters}')"
    [problem] = found(plant, find, f"{ROUTE}{decorator}", "req: func.HttpRequest, x")
    assert problem.fix.startswith(fix)
    assert "each call of the function fails" in problem.fix


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("parameters='@Id={id}'", 0),
        ("parameters='@Id={id},@Name=,@None=null,'", 0),
        ("parameters='@Like=%{name}%,@Since={DateTime:yyyy-MM-dd}'", 0),
        ("command_type='storedprocedure'", 0),
        ("command_type='Text'", 0),
        ("command_type='Query'", 1),
    ],
)
def test_other_options_of_a_query(options: str, expected: int, plant: Plant, find: Find) -> None:
    decorator = f"@bp.sql_input('x', 'SELECT 1', {SQL}, {options})"
    problems = found(plant, find, f"{ROUTE}{decorator}", "req: func.HttpRequest, x")
    assert len(problems) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("start_from_beginning=True, start_from_time='2026-02-16T14:19:29Z'", "both from"),
        ("lease_container_name='c'", "keeps its leases in the container that it watches"),
        ("lease_container_name='%SAME%'", "keeps its leases in the container that it watches"),
        ("lease_container_name='c', lease_database_name='d'", "keeps its leases"),
        ("lease_container_name='c', lease_database_name='other'", ""),
        ("lease_container_name='c', lease_connection='OrdersStorage'", ""),
        ("lease_container_name='%OTHER%'", ""),
        ("start_from_beginning=True", ""),
    ],
)
def test_options_of_a_cosmos_db_trigger_that_exclude_each_other(
    options: str, expected: str, plant: Plant, find: Find
) -> None:
    problems = found(plant, find, f"@bp.{TRIGGER}, {options})", "x: func.DocumentList")
    assert [expected in one.message for one in problems] == [True] * bool(expected)


def test_a_container_called_leases_needs_other_leases(plant: Plant, find: Find) -> None:
    container = TRIGGER.replace("'c'", "'leases'")
    [problem] = found(plant, find, f"@bp.{container})", "x: func.DocumentList")
    assert problem.fix == 'Write a lease_container_name: without one, it is "leases".'


@pytest.mark.parametrize(
    ("options", "annotation", "expected"),
    [
        ("id='{id}', sql_query='SELECT * FROM c'", ": func.DocumentList", 1),
        ("id='{id}', sql_query='SELECT * FROM c'", "", 1),
        ("id='{id}', partition_key='{id}'", ": func.DocumentList", 0),
        ("sql_query='SELECT * FROM c'", ": func.DocumentList", 0),
    ],
)
def test_an_input_has_an_id_or_a_query(
    options: str, annotation: str, expected: int, plant: Plant, find: Find
) -> None:
    decorators = f"{ROUTE}@bp.cosmos_db_input('x', {COSMOS}, {options})"
    problems = found(plant, find, decorators, f"req: func.HttpRequest, x{annotation}")
    assert len(problems) == expected


@pytest.mark.parametrize(
    ("command", "options", "missing"),
    [
        ("SELECT * FROM T WHERE Id = @Id", "", "@Id"),
        ("SELECT * FROM T WHERE Id = @Id AND N = @Name", "parameters='@id={id}'", "@Name"),
        ("SELECT * FROM T WHERE Id = @Id", "parameters='@id={id}'", ""),
        ("SELECT @@ROWCOUNT, [a @b], N FROM T WHERE M = 'ada@x' -- @c", "", ""),
        ("DECLARE @Id int = 1; SELECT @Id", "", ""),
        ("EXEC dbo.Find @Id = 5", "", ""),
        ("dbo.Find", "command_type='StoredProcedure'", ""),
        ("SELECT @Id", "**OPTIONS", ""),
        ("SELECT @Id", "parameters=given()", ""),
    ],
)
def test_a_variable_of_a_query_needs_a_value(
    command: str, options: str, missing: str, plant: Plant
) -> None:
    decorator = f'@bp.sql_input("x", "{command}", {SQL}, {options})'
    source = function(f"{ROUTE}{decorator}", "req: func.HttpRequest, x")
    problems = find_problems(plant({"blueprints/orders.py": source}), "AF252")
    assert [f"has {missing}, but" in one.message for one in problems] == [True] * bool(missing)
    mysql = source.replace("sql_input", "mysql_input")
    assert find_problems(plant({"blueprints/orders.py": mysql}), "AF252") == []


@pytest.mark.parametrize(
    ("command", "count"), [("INSERT INTO T VALUES (1)", 1), ("dbo.Selected", 0), ("[update]", 0)]
)
@pytest.mark.parametrize("kind", ["sql", "mysql"])
def test_an_output_takes_a_table(
    kind: str, command: str, count: int, plant: Plant, find: Find
) -> None:
    decorators = f"{ROUTE}@bp.{kind}_output('x', '{command}', {SQL})"
    parameters = "req: func.HttpRequest, x: func.Out[func.SqlRow]".replace(
        "Sql", {"sql": "Sql", "mysql": "MySql"}[kind]
    )
    assert len(found(plant, find, decorators, parameters)) == count
