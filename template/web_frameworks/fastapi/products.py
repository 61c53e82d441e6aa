"""The routes for products."""

import logging
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

logger = logging.getLogger(__name__)

router = APIRouter(prefix="/products", tags=["products"])


class Product(BaseModel):
    """A product, as in requests and responses."""

    id: str = Field(pattern=r"^[a-z0-9-]{1,30}$")
    name: str = Field(min_length=1, max_length=100)
    cents: int = Field(ge=0, le=10_000_000, strict=True)


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
        if product.id in self.products:
            raise ProductExists(product.id)
        self.products[product.id] = product

    def get(self, id: str) -> Product:
        """Return a product; raise NoSuchProduct, or StoreUnavailable."""
        try:
            return self.products[id]
        except KeyError:
            raise NoSuchProduct(id) from None

    def list(self, limit: int) -> list[Product]:
        """Return the first products, sorted by id; raise StoreUnavailable."""
        return sorted(self.products.values(), key=lambda product: product.id)[:limit]


async def get_store(request: Request) -> ProductStore:
    """Return the store that the app created at its start. Tests pass routes another one."""
    store: ProductStore = request.app.state.store
    return store


Store = Annotated[ProductStore, Depends(get_store)]


@router.get("")
async def list_products(
    store: Store, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> list[Product]:
    """Return the first products."""
    return store.list(limit)


@router.get("/{id}")
async def get_product(id: str, store: Store) -> Product:
    """Return one product."""
    return store.get(id)


@router.post("", status_code=201)
async def add_product(
    product: Product, store: Store, request: Request, response: Response
) -> Product:
    """Add a product; the header `Location` says where it is."""
    store.add(product)
    logger.info("Added product %s", product.id)
    response.headers["Location"] = request.app.url_path_for("get_product", id=product.id)
    return product


def add_error_handlers(app: FastAPI) -> None:
    """Make the app answer the errors of the store, which a router cannot do by itself.

    Any other exception is a bug: the host logs it, and returns a 500 without its text.
    """

    @app.exception_handler(NoSuchProduct)
    async def not_found(request: Request, error: NoSuchProduct) -> JSONResponse:
        return JSONResponse({"detail": f"There is no product {error}."}, status_code=404)

    @app.exception_handler(ProductExists)
    async def conflict(request: Request, error: ProductExists) -> JSONResponse:
        return JSONResponse({"detail": f"There is a product {error} already."}, status_code=409)

    @app.exception_handler(StoreUnavailable)
    async def unavailable(request: Request, error: StoreUnavailable) -> JSONResponse:
        # 503, so that callers retry.
        logger.error("The store does not respond: %s", error)
        content = {"detail": "The products are not available now."}
        return JSONResponse(content, status_code=503, headers={"Retry-After": "5"})
