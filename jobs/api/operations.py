"""What each route is for, what it takes and what it answers: the OpenAPI page is made of this."""

from dataclasses import dataclass

#: lists that go on: limit, after, before
PAGE = ("limit", "after", "before")
#: of a list, those that are asked for
WHICH = ("status", "model", "created_after", "created_before")
BYTES = "application/octet-stream"


@dataclass(frozen=True)
class Operation:
    """`answer` names a shape, or is a media type; with none there is no body."""

    summary: str
    answer: str | None = None
    statuses: tuple[int, ...] = (200,)
    body: str | None = None
    #: the media type of the body, if that is a shape
    sent: str = "application/json"
    query: tuple[str, ...] = ()


def _page(summary: str, of: str, *query: str) -> Operation:
    return Operation(summary, f"{of}Page", query=(*PAGE, *query))


def _gone(summary: str) -> Operation:
    return Operation(summary, None, (204,))


#: by the name of the route
OPERATIONS: dict[str, Operation] = {
    "health.up": Operation("Whether this process is up", "Object"),
    "health.ready": Operation("Whether it reaches what it needs", "Object", (200, 503)),
    "openapi.page": Operation("This page", "Object"),
    "catalogue.account": Operation("Whose the token is", "Account"),
    "catalogue.hardware": Operation("Classes of workers", "HardwareList"),
    "catalogue.index": Operation("Collections: none", "CollectionPage"),
    "catalogue.show": Operation("A collection", "Object"),
    "catalogue.search": Operation("Your models by words", "Object", query=("query", "limit")),
    "predictions.create": Operation(
        "Run one input", "Prediction", (200, 201), body="NewPrediction"
    ),
    "predictions.create_by_model": Operation(
        "Run one input through a model's live version", "Prediction", (200, 201), body="NewInput"
    ),
    "predictions.create_by_deployment": Operation(
        "Run one input through a deployment", "Prediction", (200, 201), body="NewInput"
    ),
    "predictions.index": _page("The newest first", "Prediction", *WHICH),
    "predictions.show": Operation("One prediction", "Prediction"),
    "predictions.delete": _gone("Remove one that has ended, for good"),
    "predictions.cancel": Operation("Stop it", "Prediction"),
    "predictions.file": Operation("A file it gave, with its owner's token", BYTES),
    "predictions.file_by_ticket": Operation("A file it gave, by the address in output", BYTES),
    "streams.mine": Operation("Its output as it comes", "text/event-stream"),
    "streams.by_ticket": Operation("The same, by the address in urls", "text/event-stream"),
    "trainings.create": Operation(
        "Train a version, for a version of another model", "Training", (200, 201), "NewTraining"
    ),
    "trainings.index": _page("The newest first", "Training"),
    "trainings.show": Operation("One training", "Training"),
    "trainings.delete": _gone("Remove one that has ended; the version that it made stays"),
    "trainings.cancel": Operation("Stop it, and make no version", "Training"),
    "trainings.file": Operation("A file it gave, by the address in output", BYTES),
    "webpage.show": Operation("The page of one of either, by the address in urls", "text/html"),
    "streams.of_files": Operation("The same where outputs are files", "text/event-stream"),
    "models.create": Operation("A new model", "Model", (201,), body="NewModel"),
    "models.index": _page("Your models, by name", "Model"),
    "models.show": Operation("One model", "Model"),
    "models.change": Operation("Say something of it", "Model", body="AboutModel"),
    "models.delete": _gone("Forget a model without versions"),
    "models.readme": Operation("Its readme", "text/plain"),
    "models.examples": Operation("Predictions that show what it does", "PredictionPage"),
    "models.versions": _page("Its versions, the newest first", "Version"),
    "models.push": Operation("Push a version", "Object", (200, 201), body="NewVersion"),
    "models.version": Operation("One version", "Version"),
    "models.delete_version": _gone("Remove a version that nothing needs"),
    "models.promote": Operation("Move an alias", "Object", body="Promotion"),
    "models.rollback": Operation("One step back", "Object"),
    "models.history": Operation("Every move of an alias", "Object"),
    "models.put": Operation("Bytes of a bundle", "Object", (201,), body=BYTES),
    "models.has": Operation("Whether they are there"),
    "bundles.files": Operation("The files of a version", "Object"),
    "bundles.content": Operation("One of them", BYTES),
    "files.create": Operation("Upload a file", "File", (200, 201), "Upload", "multipart/form-data"),
    "files.index": _page("Your uploads, the newest first", "File", "order", "purpose"),
    "files.show": Operation("What is known of a file", "File"),
    "files.delete": _gone("Forget an upload"),
    "files.content": Operation("Its bytes", BYTES),
    "files.download_signed": Operation(
        "Its bytes, by a signed address", BYTES, query=("owner", "expiry", "signature")
    ),
    "batches.create": Operation("Submit a batch", "Batch", (200, 201), body="NewBatch"),
    "batches.index": _page("The newest first", "Batch", *WHICH),
    "batches.show": Operation("One batch", "Batch"),
    "batches.delete": _gone("Remove one that has ended, for good"),
    "batches.cancel": Operation("Stop it", "Batch"),
    "batches.pause": Operation("Run no more of its rows for now", "Batch"),
    "batches.resume": Operation("Go on", "Batch"),
    "batches.retry": Operation("A child of the rows that gave nothing", "Batch", (200, 201)),
    "batches.result": Operation("A result file", BYTES),
    "batches.file": Operation("A file that a row gave", BYTES),
    "deployments.create": Operation("A fixed name", "Deployment", body="NewDeployment"),
    "deployments.index": _page("Your deployments, by name", "Deployment"),
    "deployments.show": Operation("One deployment", "Deployment"),
    "deployments.change": Operation("A new release", "Deployment", body="ChangedDeployment"),
    "deployments.rollback": Operation("One version back", "Deployment", body="Rollback"),
    "deployments.delete": _gone("Forget it, once nothing of it runs"),
    "deployments.releases": _page("Who released what, the newest first", "Release"),
    "deployments.told": Operation("Its instances, its work, what happened of late", "Activity"),
    "events.index": Operation(
        "What has come since",
        "Object",
        query=("after", "limit", "wait_s", "ago_s", "types"),
    ),
    "webhooks.secret": Operation("What receivers verify with", "Object"),
    "webhooks.deliveries": _page("What became of events", "Object", "subject", "endpoint", "state"),
    "webhooks.replay": Operation("Send one again", "Object"),
    "webhooks.replay_some": Operation("Send a range again", "Object", body="Replayed"),
    "endpoints.create": Operation("A standing endpoint", "Object", (201,), body="NewEndpoint"),
    "endpoints.index": _page("Standing endpoints", "Object"),
    "endpoints.show": Operation("One", "Object"),
    "endpoints.change": Operation("Change what is given", "Object", body="ChangedEndpoint"),
    "endpoints.delete": _gone("Forget it"),
    "endpoints.enable": Operation("Send to it again", "Object"),
    "endpoints.disable": Operation("Send it nothing", "Object"),
    "endpoints.rotate": Operation("A new secret", "Object", body="Rotation"),
    "endpoints.secret": Operation("The newest secret", "Object"),
    "endpoints.test": Operation("Send it a test", "Object", (202,)),
}
