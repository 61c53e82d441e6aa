"""The resources that the commands create: each function finds those that it needs."""

from collections.abc import Mapping

from tests.support.az_commands import asked, kinds_of
from tests.support.catalogue import named
from tests.support.stand_ins import Call


def test_each_resource_is_created_before_the_app(
    calls: list[Call], functions: dict[str, str]
) -> None:
    creation = next(place for place, call in enumerate(calls) if "functionapp create" in call.line)
    before = [call for call in calls[:creation] if " create" in call.line]
    for name, kind in kinds_of(functions):
        for wanted in kind.resources:
            words = {named(kind, name, value) for value in wanted.values()}
            if kind.service == "storage":
                [word] = words
                ids = [call.option("--id") for call in before]
                assert f"id-of-myapp1234/{paths(wanted)}/{word}" in ids
            elif kind.service not in ("rabbitmq", "webpubsub"):
                assert [call for call in before if words <= set(call.arguments)], words


def test_an_account_keeps_all_versions_if_a_function_reads_them(
    calls: list[Call], functions: dict[str, str]
) -> None:
    wanted = "cosmosdb_all_versions" in functions.values()
    created = asked(calls, "az cosmosdb create")
    backups = {call.option("--backup-policy-type") for call in created}
    assert backups <= {"Continuous" if wanted else ""}
    set_ = "properties.enableAllVersionsAndDeletesChangeFeed=true"
    updates = [call.option("--set") for call in asked(calls, "az resource update")]
    assert updates.count(set_) == wanted


def test_only_the_queues_of_sessions_require_them(
    calls: list[Call], functions: dict[str, str]
) -> None:
    created = asked(calls, "az servicebus queue create")
    found = {call.option("--name") for call in created if "--enable-session" in call.arguments}
    assert found == {
        named(kind, name, resource["session_queue"])
        for name, kind in kinds_of(functions)
        for resource in kind.resources
        if "session_queue" in resource
    }


def paths(wanted: Mapping[str, str]) -> str:
    """Return where a container, queue or table is in a storage account."""
    [part] = wanted
    services = {"container": "blobServices", "queue": "queueServices", "table": "tableServices"}
    return f"{services[part]}/default/{part}s"


def test_the_app_runs_on_the_plan_that_its_functions_need(
    calls: list[Call], functions: dict[str, str]
) -> None:
    [create] = asked(calls, "az functionapp create")
    published = [call.line for call in calls if call.program == "func"]
    assert create.option("--assign-identity") == "id-of-id-my-app-1234"
    plans = ["--flexconsumption-location", "--plan", "--environment"]
    [plan] = [one for one in plans if one in create.arguments]
    if any(kind.dapr for _, kind in kinds_of(functions)):
        assert (plan, create.option("--enable-dapr"), published) == ("--environment", "true", [])
        return
    assert published == ["func azure functionapp publish my-app-1234 --python --build remote"]
    assert create.option("--runtime-version") == "3.13"
    on_flex = not any(kind.not_on_flex for _, kind in kinds_of(functions))
    assert plan == ("--flexconsumption-location" if on_flex else "--plan")
    [storage] = asked(calls, "az storage account create")
    updates = [call.option("--set") for call in asked(calls, "az resource update")]
    checks = [update for update in updates if "healthCheckPath" in update]
    asks = plan == "--plan" and "alive" in functions
    assert checks == ["properties.healthCheckPath=/api/alive"] * asks
    # The other plans keep files in a share, for which there are only keys.
    assert storage.option("--allow-shared-key-access") == ("false" if on_flex else "true")
    removed = asked(calls, "az functionapp config appsettings delete")
    assert [call.option("--setting-names") for call in removed] == ["AzureWebJobsStorage"] * on_flex


def test_the_azure_cli_creates_the_container_of_the_package(calls: list[Call]) -> None:
    [create] = asked(calls, "az functionapp create")
    # It does not create a container that it is given by name.
    assert create.option("--deployment-storage-container-name") == ""


def test_the_scheduler_has_the_task_hub_of_the_setting(calls: list[Call]) -> None:
    created = asked(calls, "az durabletask taskhub create")
    [setting] = asked(calls, "az functionapp config appsettings set")
    settings = dict(value.split("=", 1) for value in setting.values("--settings"))
    hubs = [settings["TASK_HUB"]] if "TASK_HUB" in settings else []
    assert [call.option("--name") for call in created] == hubs
    assert {call.option("--scheduler-name") for call in created} <= {"dts-my-app-1234"}
