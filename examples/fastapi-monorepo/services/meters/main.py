"""Keeps the meters of households."""

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI(title="Meters", version="1.0.0")


class Meter(BaseModel):
    id: str
    reading: float


METERS = {"m-1": Meter(id="m-1", reading=4217.5)}


@app.get("/healthz", include_in_schema=False)
def healthz():
    return {"status": "ok"}


@app.get("/meters/{meter_id}", response_model=Meter)
def read_meter(meter_id: str):
    if meter_id not in METERS:
        raise HTTPException(status_code=404, detail=f"There is no meter {meter_id}")
    return METERS[meter_id]
