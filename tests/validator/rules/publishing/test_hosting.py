"""What the hosting plan does not take."""

from collections.abc import Callable
from pathlib import Path

import pytest

from functions_validator.data import read_table
from tests.support.catalogue import KINDS, newest_python
from tests.support.validator import Files, Find, Plant, find_problems
from tests.validator.rules.plan_files import CONSUMPTION, FLEX, SITE, plan, site
from tests.validator.rules.settings_files import blueprint

POLLING = 'blob_trigger(arg_name="message", path="orders/{{name}}", connection="OrdersStorage"{})'
DAPR = 'dapr_topic_trigger(arg_name="message", pub_sub_name="p", topic="t", route="r")'
KAFKA = (
    'kafka_trigger(arg_name="message", topic="t", broker_list="localhost:9092", consumer_group="g")'
)
RABBIT = 'generic_trigger(arg_name="message", type="rabbitMQTrigger", queueName="q", connectionStringSetting="OrdersStorage")'
REDIS = 'generic_trigger(arg_name="message", type="redisListTrigger", connection="OrdersStorage", key="k")'
WARM = 'warm_up_trigger(arg_name="message")'
PREMIUM = plan("'EP1'")


def polling(source: str = "") -> str:
    """Return a blueprint with a blob trigger."""
    return blueprint(POLLING.format(source))


@pytest.mark.parametrize("source", ["", ", source=func.BlobSource.LOGS_AND_CONTAINER_SCAN"])
def test_a_polling_blob_trigger_on_flex(source: str, plant: Plant, find: Find) -> None:
    app = plant({"infra/main.bicep": FLEX, "blueprints/orders.py": polling(source)})
    [found] = find(app, "AF7")
    assert (found.code, found.path, found.line) == ("AF713", "blueprints/orders.py", 6)
    assert "The Flex Consumption plan (chosen in infra/main.bicep) does not run" in found.message
    assert "BlobSource.EVENT_GRID" in found.fix


@pytest.mark.parametrize(
    ("infra", "source"),
    [
        (FLEX, ", source=func.BlobSource.EVENT_GRID"),
        (CONSUMPTION, ""),
        (PREMIUM, ""),
        ("", ""),
        (FLEX + CONSUMPTION, ""),
    ],
)
def test_blob_triggers_that_run(infra: str, source: str, plant: Plant, find: Find) -> None:
    app = plant({"infra/main.bicep": infra, "blueprints/orders.py": polling(source)})
    assert find(app, "AF7") == []


def test_a_source_that_only_the_app_knows(plant: Plant) -> None:
    files: Files = {"infra/main.bicep": FLEX, "blueprints/orders.py": polling(", source=given()")}
    assert find_problems(plant(files), "AF713") == []


@pytest.mark.parametrize(
    ("decorator", "infra", "runs"),
    [
        (RABBIT, FLEX, False),
        (RABBIT, CONSUMPTION, False),
        (RABBIT, PREMIUM, True),
        (REDIS, FLEX, False),
        (REDIS, PREMIUM, True),
        (KAFKA, CONSUMPTION, False),
        (KAFKA, FLEX, True),
        (WARM, CONSUMPTION, False),
        (WARM, FLEX, True),
        (DAPR, FLEX, False),
        (DAPR, PREMIUM, False),
        (DAPR, "", True),
    ],
)
def test_other_bindings(decorator: str, infra: str, runs: bool, plant: Plant) -> None:
    app = plant({"infra/main.bicep": infra, "blueprints/orders.py": blueprint(decorator)})
    assert [found.code for found in find_problems(app, "AF713")] == ([] if runs else ["AF713"])


UNSUPPORTED = read_table("plans")["unsupported_settings"]


@pytest.mark.parametrize("name", UNSUPPORTED["flex"])
def test_settings_that_flex_does_not_take(name: str, plant: Plant) -> None:
    [found] = find_problems(plant({"infra/main.bicep": site(name)}), "AF714")
    assert (found.path, found.line) == ("infra/main.bicep", 16)
    assert f"does not accept the app setting {name}." in found.message


@pytest.mark.parametrize("name", UNSUPPORTED["consumption"])
def test_settings_that_consumption_does_not_take(name: str, plant: Plant) -> None:
    infra = CONSUMPTION + SITE % (name, "'3.12'")
    [found] = find_problems(plant({"infra/main.bicep": infra}), "AF714")
    assert (
        f"The Consumption plan (chosen in infra/main.bicep) does not accept the app setting {name}."
        in found.message
    )
    assert found.fix.startswith("Delete it: schedules are in UTC there")


@pytest.mark.parametrize(
    ("infra", "value", "count"),
    [
        (CONSUMPTION, "'1'", 1),
        (CONSUMPTION, "'https://shop.blob.core.windows.net/releases/1.zip'", 0),
        (CONSUMPTION, "package", 0),
        (PREMIUM, "'1'", 0),
    ],
)
def test_a_value_that_consumption_does_not_take(
    infra: str, value: str, count: int, plant: Plant
) -> None:
    given = SITE.replace("'x'", value) % ("WEBSITE_RUN_FROM_PACKAGE", "'3.12'")
    found = find_problems(plant({"infra/main.bicep": infra + given}), "AF714")
    message = "does not accept the app setting WEBSITE_RUN_FROM_PACKAGE=1."
    assert [message in one.message for one in found] == [True] * count


ZONE = SITE % ("TZ", "'3.12'")


@pytest.mark.parametrize(
    "site",
    [
        ZONE + SITE.replace("resource ", "resource other") % ("ORDERS", "'3.12'"),
        ZONE.replace("appSettings: [", "appSettings: is_consumption ? [] : ["),
        f"var zone = is_premium ? [{{ name: 'TZ', value: 'Europe/Paris' }}] : []\n{SITE}"
        % ("ORDERS", "'3.12'"),
    ],
)
def test_a_time_zone_that_may_be_for_another_plan(site: str, plant: Plant) -> None:
    assert find_problems(plant({"infra/main.bicep": CONSUMPTION + site}), "AF714") == []


@pytest.mark.parametrize("infra", [PREMIUM, plan("'B1'"), ""])
@pytest.mark.parametrize("name", UNSUPPORTED["consumption"])
def test_a_time_zone_that_other_plans_take(name: str, infra: str, plant: Plant) -> None:
    app = plant({"infra/main.bicep": infra + SITE % (name, "'3.12'")})
    assert find_problems(app, "AF714") == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("infra/app.bicep", "var settings = {\n  WEBSITE_RUN_FROM_PACKAGE: '1'\n}\n"),
        ("infra/app.bicep", "var settings = {\n  'WEBSITE_RUN_FROM_PACKAGE': '1'\n}\n"),
        ("infra/app.tf", "app_settings = {\n  WEBSITE_RUN_FROM_PACKAGE = 1\n}\n"),
        ("infra/app.tf", 'app_settings = {\n  "WEBSITE_RUN_FROM_PACKAGE" = "1"\n}\n'),
    ],
)
def test_settings_by_their_names(path: str, text: str, plant: Plant) -> None:
    app = plant({"infra/main.bicep": FLEX, path: text})
    assert [(f.code, f.path, f.line) for f in find_problems(app, "AF714")] == [("AF714", path, 2)]


@pytest.mark.parametrize(
    "text",
    [
        site("AzureWebJobsStorage__accountName"),
        site("MY_FUNCTIONS_WORKER_RUNTIME"),
        FLEX + "// FUNCTIONS_WORKER_RUNTIME: 'python'\n",
        CONSUMPTION + "var settings = {\n  FUNCTIONS_WORKER_RUNTIME: 'python'\n}\n",
        "var settings = {\n  FUNCTIONS_WORKER_RUNTIME: 'python'\n}\n",
        FLEX + "var has = contains(settings, 'FUNCTIONS_WORKER_RUNTIME')\n",
    ],
)
def test_settings_that_flex_takes(text: str, plant: Plant) -> None:
    assert find_problems(plant({"infra/main.bicep": text}), "AF714") == []


WEB = """
resource web 'Microsoft.Web/sites@2024-04-01' = {
  name: 'web'
  kind: 'app,linux'
  properties: {
    siteConfig: {
      appSettings: [
        { name: 'SCM_DO_BUILD_DURING_DEPLOYMENT', value: 'true' }
      ]
    }
  }
}
"""
CONFIG = """
resource settings 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: %s
  name: 'appsettings'
  properties: {
    SCM_DO_BUILD_DURING_DEPLOYMENT: 'true'
  }
}
"""
NESTED = """
resource web 'Microsoft.Web/sites@2024-04-01' = {
  name: 'web'
  kind: '%s'
  resource settings 'config' = {
    name: 'appsettings'
    properties: {
      WEBSITE_CONTENTSHARE: 'x'
    }
  }
}
"""
VARIABLE = """
var settings = {
  WEBSITE_CONTENTSHARE: 'x'
}
resource settingsOf 'Microsoft.Web/%s@2024-04-01' = {
  name: 'x/appsettings'
  properties: settings
}
"""
CONTAINER = """
resource job 'Microsoft.App/%s@2024-03-01' = {
  name: 'job'
  properties: {
    template: {
      containers: [
        { env: [ { name: 'FUNCTIONS_WORKER_RUNTIME', value: 'python' } ] }
      ]
    }
  }
}
"""
MODULE = """
module it '%s' = {
  params: {
    appSettings: {
      WEBSITE_CONTENTSHARE: 'x'
    }
  }
}
"""
MODULE_OF_KIND = """
module it 'br/public:avm/res/web/site:0.15.1' = {
  params: {
    kind: '%s'
    appSettings: {
      WEBSITE_CONTENTSHARE: 'x'
    }
  }
}
"""
FLEX_TF = 'resource "azurerm_function_app_flex_consumption" "x" {\n  %s\n}\n'
OTHER_TF = 'resource "%s" "y" {\n  app_settings = {\n    WEBSITE_CONTENTSHARE = "x"\n  }\n}\n'
LOCALS_TF = """
locals {
  name     = "x"
  settings = {
    WEBSITE_CONTENTSHARE = "x"
  }
}
resource "%s" "y" {
  app_settings = local.settings
}
"""
VARIABLE_TF = """
variable "settings" {
  default = {
    WEBSITE_CONTENTSHARE = "x"
  }
}
resource "%s" "y" {
  app_settings = var.settings
}
"""
PLAIN_TF = FLEX_TF % ""
HEREDOC = 'description = <<-EOT\n    Set:\n    WEBSITE_CONTENTSHARE = "x"\n    { is set\n  EOT\n  name = "x"'


@pytest.mark.parametrize(
    "text",
    [
        site() + WEB,
        site() + WEB + CONFIG % "web",
        site() + CONFIG % "web" + WEB,
        site() + NESTED % "app",
        site() + CONTAINER % "containerApps",
        site() + CONTAINER % "jobs",
        site() + VARIABLE % "staticSites/config",
        site() + MODULE % "app/container-app.bicep",
        site() + MODULE % "web.bicep",
        site() + MODULE % "./app/web.bicep",
        site() + MODULE % "core/host/appservice.bicep",
        site() + MODULE % "core/host/app-service.bicep",
        site() + MODULE % "br/public:avm/res/web/static-site:0.9.0",
        site() + MODULE_OF_KIND % "app,linux",
        site() + "param text string = 'Set WEBSITE_CONTENTSHARE: x'\n",
        site() + "var text = {\n  a: 'name: WEBSITE_CONTENTSHARE = x'\n}\n",
        site() + "var script = {\n  a: '''\nWEBSITE_CONTENTSHARE=x\n'''\n}\n",
        site() + "/* {\n  WEBSITE_CONTENTSHARE: 'x'\n} */\n",
        site() + "var WEBSITE_CONTENTSHARE = 'x'\n",
        site() + "@description('x')\nparam WEBSITE_CONTENTSHARE string\n",
        site().replace("siteConfig: {", "siteConfig: {\n WEBSITE_CONTENTSHARE: null"),
    ],
)
def test_other_settings_in_bicep(text: str, plant: Plant) -> None:
    assert find_problems(plant({"infra/main.bicep": text}), "AF714") == []


@pytest.mark.parametrize(
    "text",
    [
        site() + CONFIG % "app",
        site() + CONFIG % "given",
        FLEX + NESTED % "functionapp,linux",
        site() + VARIABLE % "sites/config",
        site() + VARIABLE % "sites/config" + "output all object = settings\n",
        site() + VARIABLE % "staticSites/config" + "output all object = settings\n",
        site() + MODULE % "core/host/functions.bicep",
        site() + MODULE % "br/public:avm/res/web/site:0.15.1",
        site() + MODULE % "api.bicep",
        site() + MODULE_OF_KIND % "functionapp,linux",
        site() + "var all = {\n  text: 'it\\'s'\n  'WEBSITE_CONTENTSHARE': 'x'\n}\n",
        site() + "param all object = {\n  WEBSITE_CONTENTSHARE: 'x'\n}\n",
    ],
)
def test_settings_of_the_app_in_bicep(text: str, plant: Plant) -> None:
    found = find_problems(plant({"infra/main.bicep": text}), "AF714")
    assert [one.code for one in found] == ["AF714"]


@pytest.mark.parametrize(
    "text",
    [
        PLAIN_TF + OTHER_TF % "azurerm_linux_web_app",
        PLAIN_TF + OTHER_TF % "azurerm_linux_function_app",
        PLAIN_TF + OTHER_TF % "azurerm_container_app",
        FLEX_TF % HEREDOC + OTHER_TF % "azurerm_linux_web_app",
        PLAIN_TF + LOCALS_TF % "azurerm_linux_web_app",
        PLAIN_TF + LOCALS_TF.replace("WEB", 'A = "x"\n    WEB') % "azurerm_linux_web_app",
        PLAIN_TF + VARIABLE_TF % "azurerm_linux_web_app",
        PLAIN_TF + 'locals {\n  WEBSITE_CONTENTSHARE = "x"\n}\n',
        FLEX_TF % HEREDOC,
        FLEX_TF % 'description = "Set WEBSITE_CONTENTSHARE = x"',
        FLEX_TF % "# WEBSITE_CONTENTSHARE = x",
        FLEX_TF % "app_settings = {\n    WEBSITE_CONTENTSHARE = null\n  }",
        PLAIN_TF + 'module "static" {\n  settings = {\n    WEBSITE_CONTENTSHARE = "x"\n  }\n}\n',
    ],
)
def test_other_settings_in_terraform(text: str, plant: Plant) -> None:
    assert find_problems(plant({"infra/main.tf": text}), "AF714") == []


FLEX_APP = "azurerm_function_app_flex_consumption"


@pytest.mark.parametrize(
    "text",
    [
        OTHER_TF % FLEX_APP,
        LOCALS_TF % FLEX_APP,
        VARIABLE_TF % FLEX_APP,
        FLEX_TF % f'{HEREDOC}\n  app_settings = {{\n    "WEBSITE_CONTENTSHARE" = "x"\n  }}',
        PLAIN_TF + 'module "api" {\n  settings = {\n    WEBSITE_CONTENTSHARE = "x"\n  }\n}\n',
    ],
)
def test_settings_of_the_app_in_terraform(text: str, plant: Plant) -> None:
    found = find_problems(plant({"infra/main.tf": text}), "AF714")
    assert [one.code for one in found] == ["AF714"]


def test_settings_beside_the_app(plant: Plant) -> None:
    beside = site("WEBSITE_CONTENTSHARE")
    app = plant({"../infra/main.bicep": beside})
    assert [one.path for one in find_problems(app, "AF714")] == ["../infra/main.bicep"]
    # The app has infrastructure of its own, so the other is that of others.
    app = plant({"../infra/main.bicep": beside, "infra/main.bicep": site()})
    assert find_problems(app, "AF714") == []


@pytest.mark.parametrize("kind", [kind.id for kind in KINDS if kind.not_on_flex])
def test_the_kinds_that_the_template_keeps_from_flex(
    kind: str, project: Callable[..., Path]
) -> None:
    app = project({f"a_{kind}": kind}, python_version=newest_python([kind]))
    assert find_problems(app) == []
    (app / "infra").mkdir()
    (app / "infra/main.bicep").write_text(FLEX)
    assert {found.code for found in find_problems(app)} == {"AF713"}
