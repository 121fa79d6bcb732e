"""The application: its door, its routes, its documentation, which asks nothing of the network."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException

from ranker import __version__
from ranker.api.gate import Gate
from ranker.api.health import Health, health_of
from ranker.api.refusal import Refusal, field_problems
from ranker.api.routes import router
from ranker.api.service import Service

ABOUT = """
Sequences of messages for the people that rank, in a tone of voice of your choice: what the page Outreach does, for
programs.

**Not tried live:** tested against a server of our own, never yet with a paid model.

* Every answer that is not 200 has the same shape: `{"detail": [{"type", "loc", "msg"}]}`; `msg` is for a person.
* Where keys are set, send yours in the header `X-API-Key`, or as `Authorization: Bearer …`.
* Sequences do not change. The same request again makes another one, and keeps the first.
"""
_WORDS = {
    404: ("not_found", "There is nothing at this address. The addresses are in the documentation: /docs."),
    405: ("method", "This address can't be asked in this way. The documentation says how: /docs."),
    400: ("body", "The body can't be read as JSON."),
}


def make_app(service: Service) -> FastAPI:
    """The application over an open database; it closes the service, not the database, when it ends."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await service.close()

    app: FastAPI = FastAPIOffline(
        title="Persona Ranker", version=__version__, description=ABOUT, lifespan=lifespan, redoc_url=None,
        swagger_ui_parameters={"persistAuthorization": False, "validatorUrl": None},
    )  # fmt: skip
    app.state.service = service
    app.add_middleware(Gate, service=service)
    app.add_exception_handler(RequestValidationError, _fields)
    app.add_exception_handler(HTTPException, _http)
    _describe(app)

    @app.get("/health", tags=["operations"], summary="Whether it works", responses={503: {"model": Health}})
    async def health(response: Response) -> Health:
        """No key is needed. 503 where the database does not answer."""
        found = await health_of(service)
        response.status_code = 200 if found.database else 503
        return found

    app.include_router(router)
    return app


async def _fields(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return field_problems(error.errors())


async def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    kind, words = _WORDS.get(error.status_code, ("http", "This can't be done."))
    place = ("body",) if kind == "body" else ()
    return Refusal(error.status_code, kind, words, place, error.headers).answer()


def _describe(app: FastAPI) -> None:
    """Say in the schema how a key is sent, which the door checks before any route."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = plain()
            schemes = schema.setdefault("components", {}).setdefault("securitySchemes", {})
            schemes["key"] = {"type": "apiKey", "in": "header", "name": "X-API-Key"}
            schemes["bearer"] = {"type": "http", "scheme": "bearer"}
            for path, methods in schema["paths"].items():
                if path.startswith("/api/"):
                    for one in methods.values():
                        one["security"] = [{"key": []}, {"bearer": []}, {}]
        return app.openapi_schema or {}

    app.openapi = openapi  # type: ignore[method-assign]
