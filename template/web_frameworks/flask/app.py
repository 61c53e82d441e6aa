"""The web app: Flask handles every request that matches no other function's route."""

from flask import Flask, Response, json, jsonify
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from web import products

app = Flask(__name__)
app.register_blueprint(products.blueprint)
# Register your own blueprints below this line.


@app.get("/health")
def health() -> Response:
    """Report that the app is running. Also check what it needs, such as its database."""
    return jsonify({"status": "ok"})


@app.errorhandler(HTTPException)
def http_error(error: HTTPException) -> BaseResponse:
    """Return the errors of Flask as JSON, with their headers, such as `Allow` of a 405.

    An exception that nothing handles is one of them: a 500 without the text of the exception,
    which Flask logs.
    """
    response = error.get_response()
    response.set_data(json.dumps({"detail": error.description}))
    response.content_type = "application/json"
    return response
