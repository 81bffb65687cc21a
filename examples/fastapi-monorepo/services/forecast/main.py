"""Forecasts the electricity demand of households."""

from fastapi import FastAPI
from pydantic import BaseModel, Field

app = FastAPI(title="Forecast", version="1.0.0")


class Household(BaseModel):
    occupants: int = Field(ge=1, le=20)
    floor_area: float = Field(gt=0, description="In square metres")


class Forecast(BaseModel):
    kilowatt_hours: float


@app.get("/healthz", include_in_schema=False)
def healthz():
    return {"status": "ok"}


@app.post("/forecasts", response_model=Forecast)
def forecast(household: Household):
    """The expected demand of a household for a day."""
    demand = 1.8 + 0.9 * household.occupants + 0.02 * household.floor_area
    return Forecast(kilowatt_hours=round(demand, 2))
