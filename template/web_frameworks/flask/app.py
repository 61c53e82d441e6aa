"""The web app: Flask handles every request that matches no other function's route."""

import logging
import re
from dataclasses import asdict, dataclass
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

logger = logging.getLogger(__name__)

app = Flask(__name__)


@dataclass(frozen=True)
class Product:
    """A product, as in requests and responses; raises ValueError if it is invalid."""

    id: str
    name: str
    cents: int

    def __post_init__(self) -> None:
        if not isinstance(self.id, str) or not re.fullmatch(r"[a-z0-9-]{1,30}", self.id):
            raise ValueError("The id must be 1 to 30 lowercase letters, digits and hyphens.")
        if not isinstance(self.name, str) or not 1 <= len(self.name) <= 100:
            raise ValueError("The name must have 1 to 100 characters.")
        if type(self.cents) is not int or not 0 <= self.cents <= 10_000_000:
            raise ValueError("cents must be a whole number from 0 to 10000000.")


class NoSuchProduct(Exception):
    """There is no product with this id."""


class ProductExists(Exception):
    """A product with this id already exists."""


class StoreUnavailable(Exception):
    """The store does not respond; a later request may succeed."""


class ProductStore:
    """A placeholder for your database: each instance has its own data, and loses it in the end."""

    def __init__(self) -> None:
        self.products: dict[str, Product] = {}

    def add(self, product: Product) -> None:
        """Add a product; raise ProductExists, or StoreUnavailable."""
        if self.products.setdefault(product.id, product) is not product:
            raise ProductExists(product.id)

    def get(self, id: str) -> Product:
        """Return a product; raise NoSuchProduct, or StoreUnavailable."""
        try:
            return self.products[id]
        except KeyError:
            raise NoSuchProduct(id) from None

    def list(self, limit: int) -> list[Product]:
        """Return the first products, sorted by id; raise StoreUnavailable."""
        return sorted(self.products.values(), key=lambda product: product.id)[:limit]


store = ProductStore()


@app.get("/products")
def list_products() -> Response:
    """Return the first products."""
    limit = request.args.get("limit", default="20")
    if not re.fullmatch(r"[1-9]\d?|100", limit):
        raise ValueError("The limit must be a number from 1 to 100.")
    return jsonify([asdict(product) for product in store.list(int(limit))])


@app.get("/products/<id>")
def get_product(id: str) -> Response:
    """Return one product."""
    return jsonify(asdict(store.get(id)))


@app.post("/products")
def add_product() -> tuple[Response, int]:
    """Add a product."""
    product = read_product(request.get_json())
    store.add(product)
    logger.info("Added product %s", product.id)
    return jsonify(asdict(product)), 201


def read_product(content: Any) -> Product:
    """Return the product in a body; raise ValueError if it is invalid."""
    if not isinstance(content, dict) or set(content) != {"id", "name", "cents"}:
        raise ValueError("Send an object with id, name and cents.")
    return Product(**content)


@app.errorhandler(HTTPException)
def http_error(error: HTTPException) -> tuple[Response, int]:
    """Return the errors that Flask raises as JSON, too."""
    return jsonify({"detail": error.description}), error.code or 500


@app.errorhandler(ValueError)
def invalid(error: ValueError) -> tuple[Response, int]:
    """Return 422."""
    return jsonify({"detail": str(error)}), 422


@app.errorhandler(NoSuchProduct)
def not_found(error: NoSuchProduct) -> tuple[Response, int]:
    """Return 404."""
    return jsonify({"detail": f"There is no product {error}."}), 404


@app.errorhandler(ProductExists)
def conflict(error: ProductExists) -> tuple[Response, int]:
    """Return 409."""
    return jsonify({"detail": f"There is a product {error} already."}), 409


@app.errorhandler(StoreUnavailable)
def unavailable(error: StoreUnavailable) -> tuple[Response, int, dict[str, str]]:
    """Return 503, so that callers retry."""
    logger.error("The store does not respond: %s", error)
    content = {"detail": "The products are not available now."}
    return jsonify(content), 503, {"Retry-After": "5"}
