from flytekit import workflow

from forecast.score.task import error
from forecast.train.task import fit


@workflow
def forecast(hours: list[float], demand: list[float]) -> float:
    """Fits a line to the demand, and says how far it is off."""
    line = fit(hours=hours, demand=demand)
    return error(line=line, hours=hours, demand=demand)
