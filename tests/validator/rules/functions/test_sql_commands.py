"""Commands and parameters of SQL and MySQL bindings."""

import pytest

from tests.support.validator import Find, Found, Plant, find_problems
from tests.validator.rules.binding_files import STORAGE, function

TIMER = "@bp.timer_trigger('timer', '0 0 3 * * *')"


def found(plant: Plant, find: Find, decorator: str) -> list[Found]:
    source = function(f"{TIMER}\n{decorator}", "timer, x")
    return find(plant({"blueprints/orders.py": source}), "AF252")


@pytest.mark.parametrize(
    ("parameters", "fix"),
    [
        ("@id={id},@size=3", ""),
        (",@id=,@size=null,", ""),
        ("@id=%ID%", ""),
        ("%PARAMETERS%", ""),
        ("%PARAMETERS%,@id={id}", ""),
        ("@Like=%{name}%,@Since={DateTime:yyyy-MM-dd}", ""),
        ("@when={DateTime:yyyy=MM}", ""),
        ("id={id}", "Write '@id={id}'."),
        ("@id={id}, @size=3", "Write '@id={id},@size=3'."),
        ("@Id={id},Name=%NAME%", "Write '@Id={id},@Name=%NAME%'."),
        ("@id", "Write them as in '@id={id},@name={name}'."),
        ("@id=a=b", "Write them as in"),
        ("@id=%ID%,@name", "Write them as in"),
        ("@Id={id},@Names=Ada, Grace", "Write them as in"),
    ],
)
@pytest.mark.parametrize("kind", ["sql", "mysql"])
def test_the_parameters_of_a_query(
    kind: str, parameters: str, fix: str, plant: Plant, find: Find
) -> None:
    decorator = f"@bp.{kind}_input('x', 'SELECT 1', {STORAGE}, parameters={parameters!r})"
    problems = found(plant, find, decorator)
    assert [one.fix.startswith(fix) for one in problems] == [True] * bool(fix)
    assert all("so each call fails: " in one.message for one in problems)


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
        ("SELECT @Id", "parameters='%PARAMETERS%'", ""),
        ("SELECT @Id", "parameters=None", "@Id"),
    ],
)
def test_a_variable_of_a_query_needs_a_value(
    command: str, options: str, missing: str, plant: Plant, find: Find
) -> None:
    decorator = f'@bp.sql_input("x", "{command}", {STORAGE}, {options})'
    problems = found(plant, find, decorator)
    assert [f"has {missing}, but" in one.message for one in problems] == [True] * bool(missing)
    assert found(plant, find, decorator.replace("sql_input", "mysql_input")) == []


@pytest.mark.parametrize("command", ["commandText", "CommandText"])
def test_fields_of_a_generic_input_in_another_letter_case(
    command: str, plant: Plant, find: Find
) -> None:
    decorator = f"@bp.generic_input_binding('x', 'sql', {command}='SELECT @Id', ConnectionStringSetting={STORAGE}"
    assert found(plant, find, f"{decorator}, Parameters='@Id={{id}}')") == []
    assert found(plant, find, f"{decorator}, CommandType='StoredProcedure')") == []
    [one] = found(plant, find, f"{decorator}, Parameters='@Other={{id}}')")
    assert one.fix == 'Add it, as in parameters="@Id={Id}".'


@pytest.mark.parametrize("options", ["**OPTIONS", "parameters=given()"])
def test_parameters_of_a_query_that_are_not_known(options: str, plant: Plant) -> None:
    decorator = f"{TIMER}\n@bp.sql_input('x', 'SELECT @Id', {STORAGE}, {options})"
    app = plant({"blueprints/orders.py": function(decorator, "timer, x")})
    assert find_problems(app, "AF252") == []


@pytest.mark.parametrize(
    ("command", "count"), [("INSERT INTO T VALUES (1)", 1), ("dbo.Selected", 0), ("[update]", 0)]
)
@pytest.mark.parametrize("kind", ["sql", "mysql"])
def test_an_output_takes_a_table(
    kind: str, command: str, count: int, plant: Plant, find: Find
) -> None:
    decorator = f"@bp.{kind}_output('x', '{command}', {STORAGE})"
    assert len(found(plant, find, decorator)) == count
