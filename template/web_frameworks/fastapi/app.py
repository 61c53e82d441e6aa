"""The web app: FastAPI handles every request that matches no other function's route."""

import logging
from typing import Annotated

from fastapi import FastAPI, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

logger = logging.getLogger(__name__)

app = FastAPI(title="Products")


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


store = ProductStore()


@app.get("/products")
async def list_products(limit: Annotated[int, Query(ge=1, le=100)] = 20) -> list[Product]:
    """Return the first products."""
    return store.list(limit)


@app.get("/products/{id}")
async def get_product(id: str) -> Product:
    """Return one product."""
    return store.get(id)


@app.post("/products", status_code=201)
async def add_product(product: Product) -> Product:
    """Add a product."""
    store.add(product)
    logger.info("Added product %s", product.id)
    return product


@app.exception_handler(NoSuchProduct)
async def not_found(request: Request, error: NoSuchProduct) -> JSONResponse:
    """Return 404."""
    return JSONResponse({"detail": f"There is no product {error}."}, status_code=404)


@app.exception_handler(ProductExists)
async def conflict(request: Request, error: ProductExists) -> JSONResponse:
    """Return 409."""
    return JSONResponse({"detail": f"There is a product {error} already."}, status_code=409)


@app.exception_handler(StoreUnavailable)
async def unavailable(request: Request, error: StoreUnavailable) -> JSONResponse:
    """Return 503, so that callers retry."""
    logger.error("The store does not respond: %s", error)
    content = {"detail": "The products are not available now."}
    return JSONResponse(content, status_code=503, headers={"Retry-After": "5"})
