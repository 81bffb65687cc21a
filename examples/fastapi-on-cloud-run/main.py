"""A small prediction service: what a team puts behind a gateway."""

from typing import List, Optional

from fastapi import FastAPI, File, HTTPException, UploadFile
from pydantic import BaseModel, Field

app = FastAPI(
    title="Demand forecast",
    description="Forecasts the electricity demand of households.",
    version="1.0.0",
)

MODELS = {
    "linear": {"name": "linear", "inputs": 2, "trained": "2026-05-04"},
    "seasonal": {"name": "seasonal", "inputs": 3, "trained": "2026-09-21"},
}


class Household(BaseModel):
    """What a forecast is made from."""

    occupants: int = Field(ge=1, le=20)
    floor_area: float = Field(gt=0, description="In square metres")
    heat_pump: bool = False


class Prediction(BaseModel):
    kilowatt_hours: float
    model: str


class Model(BaseModel):
    name: str
    inputs: int
    trained: str
    examples: List[Household] = []


class Document(BaseModel):
    filename: str
    size: int
    lines: int


@app.get("/")
def welcome():
    return {"message": "Welcome to the demand forecast"}


@app.get("/healthz", include_in_schema=False)
def healthz():
    return {"status": "ok"}


@app.post("/predict/", response_model=Prediction)
def predict(household: Household):
    """The expected demand of a household for a day."""
    demand = 1.8 + 0.9 * household.occupants + 0.02 * household.floor_area
    if household.heat_pump:
        demand += 0.07 * household.floor_area
    return Prediction(kilowatt_hours=round(demand, 2), model="linear")


@app.get("/models/{name}", response_model=Model)
def read_model(name: str, examples: Optional[int] = None):
    """One model, with as many example inputs as asked for."""
    if name not in MODELS:
        raise HTTPException(status_code=404, detail=f"There is no model called {name}")
    known = [Household(occupants=n, floor_area=40 * n) for n in range(1, (examples or 0) + 1)]
    return Model(examples=known, **MODELS[name])


@app.post("/documents", response_model=Document)
async def upload(file: UploadFile = File(...)):
    """Takes in meter readings as a file."""
    content = await file.read()
    return Document(filename=file.filename or "", size=len(content), lines=content.count(b"\n"))
