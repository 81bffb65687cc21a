from flytekit import task


@task(container_image="{{.image.score}}")
def error(line: list[float], hours: list[float], demand: list[float]) -> float:
    """The mean absolute difference between a line and the demand."""
    slope, height = line
    differences = [abs(slope * hour + height - found) for hour, found in zip(hours, demand, strict=True)]
    return sum(differences) / len(differences)
