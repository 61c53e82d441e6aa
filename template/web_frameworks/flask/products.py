"""The routes for products."""

import logging
import re
from dataclasses import asdict, dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for

logger = logging.getLogger(__name__)

blueprint = Blueprint("products", __name__, url_prefix="/products")


class InvalidInput(Exception):
    """The request is invalid; the caller reads the text.

    Raise nothing else for that: a ValueError may be a bug, whose text is not for callers.
    """


class NoSuchProduct(Exception):
    """There is no product with this id."""


class ProductExists(Exception):
    """A product with this id already exists."""


class StoreUnavailable(Exception):
    """The store does not respond; a later request may succeed."""


@dataclass(frozen=True)
class Product:
    """A product, as in requests and responses; raises InvalidInput if it is invalid."""

    id: str
    name: str
    cents: int

    def __post_init__(self) -> None:
        if not isinstance(self.id, str) or not re.fullmatch(r"[a-z0-9-]{1,30}", self.id):
            raise InvalidInput("The id must be 1 to 30 lowercase letters, digits and hyphens.")
        if not isinstance(self.name, str) or not 1 <= len(self.name) <= 100:
            raise InvalidInput("The name must have 1 to 100 characters.")
        try:
            self.name.encode()
        except UnicodeEncodeError:
            # JSON can hold an unpaired surrogate, which a database does not take.
            raise InvalidInput("The name must be valid Unicode text.") from None
        if type(self.cents) is not int or not 0 <= self.cents <= 10_000_000:
            raise InvalidInput("cents must be a whole number from 0 to 10000000.")


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


@blueprint.get("")
def list_products() -> Response:
    """Return the first products."""
    limit = read_limit(request.args.get("limit", default="20"))
    return jsonify([asdict(product) for product in store.list(limit)])


@blueprint.get("/<id>")
def get_product(id: str) -> Response:
    """Return one product."""
    return jsonify(asdict(store.get(id)))


@blueprint.post("")
def add_product() -> tuple[Response, int, dict[str, str]]:
    """Add a product; the header `Location` says where it is."""
    try:
        content = request.get_json()
    except RecursionError:
        raise InvalidInput("The body is nested too deeply.") from None
    product = read_product(content)
    store.add(product)
    logger.info("Added product %s", product.id)
    location = url_for("products.get_product", id=product.id)
    return jsonify(asdict(product)), 201, {"Location": location}


def read_limit(text: str) -> int:
    """Return the number of products to list; raise InvalidInput if it is invalid."""
    if not re.fullmatch(r"[1-9][0-9]?|100", text):
        raise InvalidInput("The limit must be a number from 1 to 100.")
    return int(text)


def read_product(content: Any) -> Product:
    """Return the product in a body; raise InvalidInput if it is invalid."""
    if not isinstance(content, dict) or set(content) != {"id", "name", "cents"}:
        raise InvalidInput("Send an object with id, name and cents.")
    return Product(**content)


@blueprint.errorhandler(InvalidInput)
def invalid(error: InvalidInput) -> tuple[Response, int]:
    """Return 422."""
    return jsonify({"detail": str(error)}), 422


@blueprint.errorhandler(NoSuchProduct)
def not_found(error: NoSuchProduct) -> tuple[Response, int]:
    """Return 404."""
    return jsonify({"detail": f"There is no product {error}."}), 404


@blueprint.errorhandler(ProductExists)
def conflict(error: ProductExists) -> tuple[Response, int]:
    """Return 409."""
    return jsonify({"detail": f"There is a product {error} already."}), 409


@blueprint.errorhandler(StoreUnavailable)
def unavailable(error: StoreUnavailable) -> tuple[Response, int, dict[str, str]]:
    """Return 503, so that callers retry."""
    logger.error("The store does not respond: %s", error)
    content = {"detail": "The products are not available now."}
    return jsonify(content), 503, {"Retry-After": "5"}
