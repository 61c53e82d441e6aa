"""Which distributions bring which modules, as far as their names do not tell."""

from __future__ import annotations

# Module: the distributions that have it, where it is not named as the module is.
_MODULES = """
attr: attrs
azure.durable_functions: azure-functions-durable
azure.storage.filedatalake: azure-storage-file-datalake
azure.storage.fileshare: azure-storage-file-share
bs4: beautifulsoup4
cairosvg: cairosvg
Crypto: pycryptodome pycrypto
Cryptodome: pycryptodomex
cv2: opencv-python opencv-python-headless opencv-contrib-python opencv-contrib-python-headless
dateutil: python-dateutil
discord: discord-py
docx: python-docx
dotenv: python-dotenv
fitz: pymupdf
git: gitpython
github: pygithub
googleapiclient: google-api-python-client
grpc: grpcio
jose: python-jose
jwt: pyjwt
kafka: kafka-python confluent-kafka
ldap: python-ldap
magic: python-magic
multipart: python-multipart
mysql: mysql-connector-python mysql-connector
MySQLdb: mysqlclient
nacl: pynacl
OpenSSL: pyopenssl
pinecone: pinecone-client pinecone
PIL: pillow
pptx: python-pptx
psycopg2: psycopg2 psycopg2-binary
psycopg: psycopg psycopg-binary
pymupdf: pymupdf
pypdf: pypdf
pyodbc: pyodbc
serial: pyserial
skimage: scikit-image
sklearn: scikit-learn
slugify: python-slugify
snowflake.connector: snowflake-connector-python
socks: pysocks
telegram: python-telegram-bot
usb: pyusb
websocket: websocket-client
win32api: pywin32
yaml: pyyaml
zmq: pyzmq
"""

# Distribution: what it asks for itself, among what apps may import.
_DEPENDENCIES = """
aiohttp: aiosignal attrs frozenlist multidict propcache yarl
asyncpg:
azure-ai-formrecognizer: azure-core msrest azure-common
azure-ai-textanalytics: azure-core msrest azure-common
azure-common:
azure-core: requests typing-extensions six
azure-cosmos: azure-core
azure-data-tables: azure-core isodate yarl multidict
azure-eventgrid: azure-core isodate
azure-eventhub: azure-core
azure-functions: werkzeug markupsafe
azure-functions-durable: aiohttp azure-functions furl opentelemetry-api opentelemetry-sdk python-dateutil requests
azure-identity: azure-core cryptography msal msal-extensions
azure-keyvault-secrets: azure-core isodate
azure-monitor-opentelemetry: azure-core azure-identity azure-monitor-opentelemetry-exporter opentelemetry-instrumentation opentelemetry-sdk
azure-monitor-opentelemetry-exporter: azure-core azure-identity msrest opentelemetry-api opentelemetry-sdk psutil
azure-search-documents: azure-core azure-common isodate
azure-servicebus: azure-core isodate
azure-storage-blob: azure-core cryptography isodate
azure-storage-file-datalake: azure-core azure-storage-blob isodate
azure-storage-queue: azure-core cryptography isodate
beautifulsoup4: soupsieve typing-extensions
boto3: botocore jmespath s3transfer python-dateutil urllib3
certifi:
charset-normalizer:
click:
cryptography: cffi
feedparser: sgmllib3k
fastapi: pydantic starlette typing-extensions anyio
flask: blinker click itsdangerous jinja2 markupsafe werkzeug
httpx: anyio certifi h11 httpcore idna sniffio
idna:
isodate:
jinja2: markupsafe
jsonschema: attrs referencing rpds-py
markdown:
markupsafe:
msal: cryptography pyjwt requests
msal-extensions: msal
msrest: azure-core certifi isodate requests requests-oauthlib
numpy:
openai: anyio distro httpx jiter pydantic sniffio tqdm typing-extensions
opencv-python: numpy
opencv-python-headless: numpy
openpyxl: et-xmlfile
opentelemetry-api: typing-extensions
opentelemetry-sdk: opentelemetry-api opentelemetry-semantic-conventions
pandas: numpy python-dateutil pytz tzdata
pillow:
psutil:
psycopg2:
psycopg2-binary:
pydantic: annotated-types pydantic-core typing-extensions
pyjwt:
pymongo: dnspython
pymssql:
pymysql:
pyodbc:
pypdf:
pypdf2:
pytest: iniconfig packaging pluggy
python-dateutil: six
python-docx: lxml typing-extensions
python-dotenv:
python-multipart:
pytz:
pyyaml:
redis: async-timeout
reportlab: pillow charset-normalizer
requests: certifi charset-normalizer idna urllib3
requests-oauthlib: oauthlib requests
scikit-learn: joblib numpy scipy threadpoolctl
scipy: numpy
six:
sqlalchemy: greenlet typing-extensions
starlette: anyio
stripe: requests typing-extensions
tenacity:
tiktoken: regex requests
tqdm:
twilio: aiohttp pyjwt requests
typing-extensions:
tzdata:
urllib3:
uvicorn: click h11
werkzeug: markupsafe
xlrd:
xlsxwriter:
yarl: idna multidict propcache
"""


def _parse(table: str) -> dict[str, tuple[str, ...]]:
    lines = (line.partition(":") for line in table.strip().splitlines())
    return {name: tuple(words.split()) for name, _, words in lines}


MODULES = _parse(_MODULES)
DEPENDENCIES = _parse(_DEPENDENCIES)

# What hardly comes unless somebody asks for it by name.
_BY_NAME = """
azure-cosmos azure-data-tables azure-eventgrid azure-eventhub azure-keyvault-secrets azure-monitor-opentelemetry
azure-search-documents azure-servicebus azure-storage-blob azure-storage-queue azure-functions-durable boto3 fastapi
feedparser flask opencv-python openpyxl psycopg2 psycopg2-binary pymongo pymssql pymysql pyodbc pypdf2 python-docx
redis reportlab stripe twilio xlrd xlsxwriter
"""
BY_NAME = frozenset(_BY_NAME.split())


def providers(module: str) -> list[str]:
    """Return the distributions that may have a module, by the table or by its name."""
    parts = module.split(".")
    prefixes = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
    for prefix in prefixes:
        if prefix in MODULES:
            return list(MODULES[prefix])
    return [prefix.replace(".", "-").replace("_", "-").lower() for prefix in prefixes]


def brought_by(distribution: str) -> set[str] | None:
    """Return a distribution with all that it brings; None if the table does not tell."""
    if distribution not in DEPENDENCIES:
        return None
    found, waiting = {distribution}, list(DEPENDENCIES[distribution])
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(DEPENDENCIES.get(name, ()))
    return found
