"""Requirements that need a program or a library which Azure does not have."""

import pytest

from tests.support.validator import Files, Find, Plant, find_problems

SOURCE = """
import os

import azure.functions as func

bp = func.Blueprint()


@bp.route(route="hello")
def hello(req: func.HttpRequest) -> str:
    import {module}

    {line}
    return ""
"""
TESSERACT = "pytesseract.image_to_string('page.png')"
CONTAINERS = (
    "services:\n  api:\n    host: containerapp\n",
    "services:\n  api:\n    host: aks\n",
    "services:\n  app:\n    build: .\n",
    "kind: Deployment\n",
    "uses: Azure/functions-container-action@v1\n",
    "uses: docker/build-push-action@v6\n",
    "run: docker build -t shop -f ../Dockerfile .\n",
    "run: az acr build -t shop .\n",
    "run: az functionapp create --name shop --image shop:1\n",
    "run: func kubernetes deploy --name shop\n",
    "task: Docker@2\n",
)
BROWSER = "playwright.sync_api.sync_playwright().start().chromium.launch()"


def using(module: str, line: str, requirement: str) -> Files:
    """Return an app with a function that imports a module, and a line below the import."""
    return {
        "blueprints/hello.py": SOURCE.format(module=module, line=line),
        "requirements.txt": f"azure-functions\n{requirement}\n",
    }


@pytest.mark.parametrize(
    ("module", "line", "requirement", "needed"),
    [
        ("cairosvg", "pass", "CairoSVG==2.7.1", "the library cairo"),
        ("docx2pdf", "pass", "docx2pdf", "Microsoft Word"),
        ("ffmpeg", "ffmpeg.run(req)", "ffmpeg-python", "the program ffmpeg"),
        ("git", "git.Repo('.')", "GitPython", "the program git"),
        ("graphviz", "graphviz.Digraph().render('a')", "graphviz", "the program dot"),
        ("imgkit", "imgkit.from_string('a', False)", "imgkit", "the program wkhtmltoimage"),
        ("ocrmypdf", "pass", "ocrmypdf", "the program tesseract"),
        ("pdf2image", "pdf2image.convert_from_bytes(b'')", "pdf2image", "the programs of Poppler"),
        ("pdfkit", "pdfkit.from_string('a', False)", "pdfkit>=1", "the program wkhtmltopdf"),
        ("playwright.sync_api", BROWSER, "playwright", "a browser"),
        ("pypandoc", "pypandoc.convert_text('a', 'html')", "pypandoc", "the program pandoc"),
        ("pyppeteer", "pyppeteer.launch()", "pyppeteer", "a browser"),
        ("pytesseract", TESSERACT, "pytesseract", "the program tesseract"),
        ("magic", "pass", "python-magic", "the library libmagic"),
        ("pyzbar.pyzbar", "pass", "pyzbar", "the library zbar"),
        ("selenium.webdriver", "selenium.webdriver.Chrome()", "selenium==4.2", "a browser"),
        ("tabula", "tabula.read_pdf('a.pdf')", "tabula-py", "Java"),
        ("wand.image", "pass", "Wand", "the library of ImageMagick"),
        ("weasyprint", "weasyprint.HTML(string='a')", "weasyprint", "the library Pango"),
    ],
)
def test_what_azure_does_not_have(
    module: str, line: str, requirement: str, needed: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(using(module, line, requirement)), "AF427")
    assert (found.path, found.line) == ("requirements.txt", 2)
    assert found.message.endswith(f" needs {needed}, which Azure does not have.")


@pytest.mark.parametrize(
    ("module", "requirement", "fix"),
    [
        ("pytesseract", "pytesseract", "Run the app in an image that installs tesseract-ocr."),
        ("pypandoc", "pypandoc", "Require pypandoc-binary instead, which has it."),
        ("cx_Oracle", "cx_Oracle", "Require oracledb instead, which needs no client."),
    ],
)
def test_what_to_do(module: str, requirement: str, fix: str, plant: Plant) -> None:
    [found] = find_problems(plant(using(module, "pass", requirement)), "AF427")
    assert found.fix == fix


@pytest.mark.parametrize(
    ("module", "line", "requirement"),
    [
        ("json", "pass", "pytesseract"),
        ("graphviz", "graphviz.Digraph().source", "graphviz"),
        ("playwright.sync_api", "req.chromium.connect_over_cdp('wss://a')", "playwright"),
        ("playwright.sync_api", "pass", "playwright"),
        ("selenium.webdriver", "selenium.webdriver.Remote('https://a')", "selenium"),
        ("pdf2image", "pdf2image.convert_from_bytes(b'', poppler_path='bin')", "pdf2image"),
        ("pytesseract", "pytesseract.pytesseract.tesseract_cmd = 'bin/t'", "pytesseract"),
        ("pdfkit", "pdfkit.configuration(wkhtmltopdf='bin/w')", "pdfkit"),
        ("pytesseract", "os.environ['PATH'] += ':bin'", "pytesseract"),
        ("pytesseract", "import shutil\n    if not shutil.which('tesseract'): 1", "pytesseract"),
        ("tabula", "os.environ['JAVA_HOME'] = 'java'", "tabula-py"),
        ("tabula", "tabula.read_pdf('a.pdf')", "tabula-py\ninstall-jdk"),
        ("magic", "import ctypes; ctypes.CDLL('lib/libmagic.so.1')", "python-magic"),
        ("ffmpeg", "print(ffmpeg.input('a').compile())", "ffmpeg-python"),
        ("graphviz", "str.render(graphviz.Digraph().source)", "graphviz"),
        ("pytesseract", "os.system('apt-get install tesseract-ocr')", "pytesseract"),
        ("ffmpeg", "ffmpeg.run(req)", "ffmpeg-python\nimageio-ffmpeg"),
        ("pypandoc", "pypandoc.convert_text('a', 'html')", "pypandoc\npypandoc-binary"),
        ("git", "pass", "gitpython ; sys_platform == 'win32'"),
        ("git", "pass", "./wheels/gitpython-3.1-py3-none-any.whl"),
    ],
)
def test_what_needs_nothing_else(module: str, line: str, requirement: str, plant: Plant) -> None:
    assert find_problems(plant(using(module, line, requirement)), "AF427") == []


@pytest.mark.parametrize(
    "files",
    [
        {"Dockerfile": "FROM mcr.microsoft.com/azure-functions/python:4-python3.13\n"},
        {"start.sh": "apt-get install -y tesseract-ocr\n"},
        {"infra/main.tf": 'resource "azurerm_container_app" "shop" {\n}\n'},
        {"pytesseract/__init__.py": ""},
        *({"deploy/app.yml": text} for text in CONTAINERS),
        {"infra/main.bicep": "linuxFxVersion: 'DOCKER|${image}'"},
        {"infra/main.bicep": "kind: 'functionapp,linux,container'"},
        {"infra/main.tf": "docker {\n  image_tag = 1\n}"},
        {"infra/main.bicep": "LD_LIBRARY_PATH: '/home/site/wwwroot/lib'"},
    ],
)
def test_what_may_have_the_program(files: Files, plant: Plant) -> None:
    app = using("pytesseract", TESSERACT, "pytesseract")
    assert find_problems(plant({**app, **files}), "AF427") == []


@pytest.mark.parametrize(
    "text",
    [
        "run: docker compose up azurite\n",
        "jobs:\n  build:\n",
        # What a subnet for the Flex Consumption plan has.
        "serviceName: 'Microsoft.App/environments'\n",
    ],
)
def test_a_container_of_something_else(text: str, plant: Plant) -> None:
    app = using("pytesseract", TESSERACT, "pytesseract")
    assert find_problems(plant({**app, ".github/workflows/test.yml": text}), "AF427")


def test_an_import_that_may_fail_says_nothing(plant: Plant) -> None:
    app = using(
        "json", "try:\n        import git\n    except ImportError:\n        pass", "gitpython"
    )
    assert find_problems(plant(app), "AF427") == []


def test_comtypes_is_for_windows_only(plant: Plant) -> None:
    [found] = find_problems(plant(using("comtypes.client", "pass", "comtypes")), "AF428")
    assert "which does not have comtypes" in found.message


@pytest.mark.parametrize(
    ("line", "program", "package"),
    [
        ("subprocess.run(['ffmpeg', '-i', 'a'], check=True)", "ffmpeg", "ffmpeg"),
        ("subprocess.Popen(('soffice', '--headless'))", "soffice", "libreoffice"),
        ("cmd = ['pdftotext', 'a']\n    subprocess.check_call(cmd)", "pdftotext", "poppler-utils"),
        ("import asyncio; asyncio.create_subprocess_exec('git', 'pull')", "git", "git"),
    ],
)
def test_a_program_that_the_app_runs(line: str, program: str, package: str, plant: Plant) -> None:
    [found] = find_problems(plant(using("subprocess", line, "requests")), "AF428")
    assert (found.path, found.message) == (
        "blueprints/hello.py",
        f"Azure does not have the program {program}.",
    )
    assert found.fix == f"Run the app in an image that installs {package}."


CONVERTS = "def convert():\n        subprocess.run(['ffmpeg'])\n"


@pytest.mark.parametrize(
    ("line", "files"),
    [
        ("subprocess.run(['curl', 'a'])", {}),
        ("subprocess.run(['bin/ffmpeg', 'a'])", {}),
        ("subprocess.run(['ffmpeg', 'a'], env={'A': 'b'})", {}),
        ("subprocess.run(['ffmpeg', 'a'], **req)", {}),
        ("subprocess.run(req or ['ffmpeg'])", {}),
        ("print(['ffmpeg'])", {}),
        ("try:\n        subprocess.run(['ffmpeg'])\n    except OSError:\n        pass", {}),
        ("if req:\n        subprocess.run(['ffmpeg'])", {}),
        ("match req:\n        case 1:\n            subprocess.run(['ffmpeg'])", {}),
        ("req or subprocess.run(['ffmpeg'])", {}),
        ("print(subprocess.run(['ffmpeg']) if req else 1)", {}),
        ("if os.environ.get('A'):\n        return 1\n    subprocess.run(['ffmpeg'])", {}),
        (CONVERTS, {}),
        (
            CONVERTS + "    try:\n        convert()\n    except OSError:\n        pass",
            {},
        ),
        (
            "subprocess.run(['ffmpeg'])",
            {"infra/main.bicep": "var a = { name: 'PATH', value: '/home/bin' }\n"},
        ),
        ("os.environ['PATH'] += ':bin'\n    subprocess.run(['ffmpeg'])", {}),
        ("import static_ffmpeg\n    subprocess.run(['ffmpeg'])", {}),
        ("subprocess.run(['ffmpeg'])", {"start.sh": "apt-get install -y ffmpeg\n"}),
        ("subprocess.run(['ffmpeg'])", {"docker-compose.yml": "services:\n  app:\n    build: .\n"}),
        (
            "subprocess.run(['ffmpeg'])",
            {"Dockerfile": "FROM mcr.microsoft.com/azure-functions/python:4-python3.13\n"},
        ),
    ],
)
def test_a_program_that_may_be_there(line: str, files: Files, plant: Plant) -> None:
    app = {**using("subprocess", line, "requests"), **files}
    assert find_problems(plant(app), "AF428") == []
