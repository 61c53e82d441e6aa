"""What kinds and options add to an app, as `make data` computes it."""

from hooks.additions import additions, lists, of_every_app
from hooks.catalogue import Option
from tests.support.catalogue import BY_ID, KINDS, SERVICES


def test_a_choice_adds_its_files_unless_copier_leaves_them_in_place() -> None:
    files = {"true": ["shared/__init__.py", "shared/size.py"], "false": ["small.txt"]}
    assert of_every_app({"size": Option("size", "false", files)})[-2:] == [
        {"needs": ["size=true"], "files": [["shared/__init__.py", ""], ["shared/size.py", "size"]]},
        {"needs": ["size=false"], "files": [["small.txt", "size"]]},
    ]


def test_a_function_adds_what_its_kind_and_its_service_need() -> None:
    rows = additions(BY_ID["agent"], SERVICES)
    assert rows[0]["needs"] == []
    assert ["agents/<name>.agent.md", "<name>"] in rows[0]["files"]
    files = additions(BY_ID["sql"], SERVICES)[0]["files"]
    assert ["database/sql.sql", "<name>"] in files


def test_a_name_in_a_list_has_its_files_with_the_answer_that_adds_them() -> None:
    rows = [*of_every_app({}), *additions(BY_ID["sql"], SERVICES)]
    added = dict(file for row in rows for file in row.get("files", []))
    assert added["infra/sql.bicep"] == added["infra/main.bicep"] == "infra"
    assert added["tools/root_files.py"] == "app_folder"
    assert added["tools/libraries.py"] == "libraries"


def test_the_names_of_services_are_in_the_order_of_the_services() -> None:
    names = lists(KINDS, SERVICES)["infra"]
    services = [name for name in SERVICES if name in names and name != "storage"]
    assert [name for name in names if name in services] == services
    assert names.index("main") < names.index(services[0]) < names.index("vault")
