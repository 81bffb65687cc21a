"""Calls the local cloud by Google's own Python clients over REST, and prints a line of JSON for each call.

Usage: google_clients.py ORIGIN TOKEN PROJECT IMAGE
"""

import json
import sys
import traceback

from google.api_core.client_options import ClientOptions
from google.api_core.exceptions import GoogleAPICallError
from google.oauth2.credentials import Credentials
from google.protobuf import duration_pb2, field_mask_pb2

ORIGIN, TOKEN, PROJECT, IMAGE = sys.argv[1:]
PARENT = f"projects/{PROJECT}"
REGION = f"{PARENT}/locations/us-central1"
GLOBAL = f"{PARENT}/locations/global"


def client(kind, prefix):
    return kind(
        credentials=Credentials(TOKEN),
        transport="rest",
        client_options=ClientOptions(api_endpoint=f"{ORIGIN}/{prefix}"),
    )


def call(name, make, check=lambda answer: True):
    """Makes a call; what it answers must pass the check."""
    try:
        answer = make()
        if hasattr(answer, "result") and hasattr(answer, "operation"):
            answer = answer.result(timeout=60)
        wrong = None if check(answer) else f"answered {answer!r}"[:400]
    except Exception as error:  # noqa: BLE001
        answer, wrong = None, "".join(traceback.format_exception_only(error))[:400]
    print(json.dumps({"call": name, "wrong": wrong}), flush=True)
    return answer


def refused(make, status):
    """The name of the error that a call is refused with."""
    try:
        make()
    except GoogleAPICallError as error:
        return type(error).__name__ == status
    return False


def policies(name, api, resource, role):
    """getIamPolicy, setIamPolicy and testIamPermissions of a resource."""
    from google.iam.v1 import iam_policy_pb2, policy_pb2

    policy = call(f"{name} getIamPolicy", lambda: api.get_iam_policy(request={"resource": resource}))
    bound = policy_pb2.Policy(etag=policy.etag if policy else b"")
    if policy:
        bound.bindings.extend(policy.bindings)
    bound.bindings.append(policy_pb2.Binding(role=role, members=["user:a@example.com"]))
    call(
        f"{name} setIamPolicy",
        lambda: api.set_iam_policy(request=iam_policy_pb2.SetIamPolicyRequest(resource=resource, policy=bound)),
        lambda answer: any(binding.role == role for binding in answer.bindings),
    )
    permission = resource_permission(name)
    call(
        f"{name} testIamPermissions",
        lambda: api.test_iam_permissions(request={"resource": resource, "permissions": [permission]}),
        lambda answer: list(answer.permissions) == [permission],
    )


def resource_permission(name):
    return {
        "run.services": "run.services.get",
        "run.jobs": "run.jobs.get",
        "run.workerPools": "run.workerpools.get",
        "artifactregistry.repositories": "artifactregistry.repositories.get",
        "secretmanager.secrets": "secretmanager.secrets.get",
        "iam.serviceAccounts": "iam.serviceAccounts.get",
        "resourcemanager.projects": "resourcemanager.projects.get",
    }[name]


def run():
    from google.cloud import run_v2

    services = client(run_v2.ServicesClient, "run")
    container = run_v2.Container(image=IMAGE)
    template = run_v2.RevisionTemplate(containers=[container])
    service = run_v2.Service(template=template, labels={"a": "b"})
    name = f"{REGION}/services/py"
    call("run.services create, only to validate", lambda: services.create_service(request={"parent": REGION, "service": service, "service_id": "py", "validate_only": True}))
    call("run.services get of what was only validated", lambda: refused(lambda: services.get_service(name=name), "NotFound"), lambda it: it)
    call("run.services create", lambda: services.create_service(parent=REGION, service=service, service_id="py"), lambda it: it.name == name and it.terminal_condition.state.name == "CONDITION_SUCCEEDED")
    call("run.services create again", lambda: refused(lambda: services.create_service(parent=REGION, service=service, service_id="py"), "Conflict"), lambda it: it)
    found = call("run.services get", lambda: services.get_service(name=name), lambda it: it.uri.startswith("http") and dict(it.labels) == {"a": "b"})
    call("run.services list", lambda: [each.name for each in services.list_services(parent=REGION)], lambda it: it == [name])
    call("run.services list of all regions", lambda: [each.name for each in services.list_services(parent=f"{PARENT}/locations/-")], lambda it: it == [name])
    if found:
        found.template.containers[0].env.append(run_v2.EnvVar(name="A", value="b"))
        found.ingress = run_v2.IngressTraffic.INGRESS_TRAFFIC_INTERNAL_ONLY
        found.template.execution_environment = run_v2.ExecutionEnvironment.EXECUTION_ENVIRONMENT_GEN2
        call("run.services update", lambda: services.update_service(service=found), lambda it: it.ingress == run_v2.IngressTraffic.INGRESS_TRAFFIC_INTERNAL_ONLY and it.template.containers[0].env[0].value == "b")
        found.labels["c"] = "d"
        call("run.services update of a field", lambda: services.update_service(request={"service": run_v2.Service(name=name, labels={"c": "d"}), "update_mask": field_mask_pb2.FieldMask(paths=["labels"])}), lambda it: dict(it.labels) == {"c": "d"} and len(it.template.containers) == 1)
    policies("run.services", services, name, "roles/run.invoker")
    revisions = client(run_v2.RevisionsClient, "run")
    names = call("run.revisions list", lambda: [each.name for each in revisions.list_revisions(parent=name)], lambda it: len(it) >= 2) or [f"{name}/revisions/x"]
    call("run.revisions get", lambda: revisions.get_revision(name=names[0]), lambda it: it.service == "py")
    call("run.revisions delete", lambda: revisions.delete_revision(name=names[-1]))
    call("run.services delete", lambda: services.delete_service(name=name), lambda it: it.name == name)
    call("run.services get of a deleted one", lambda: refused(lambda: services.get_service(name=name), "NotFound"), lambda it: it)

    jobs = client(run_v2.JobsClient, "run")
    task = run_v2.TaskTemplate(containers=[run_v2.Container(image=IMAGE, command=["/bin/busybox"], args=["echo", "hi"])], max_retries=0, timeout=duration_pb2.Duration(seconds=60))
    job = run_v2.Job(template=run_v2.ExecutionTemplate(task_count=1, template=task))
    job_name = f"{REGION}/jobs/py"
    call("run.jobs create", lambda: jobs.create_job(parent=REGION, job=job, job_id="py"), lambda it: it.name == job_name)
    read = call("run.jobs get", lambda: jobs.get_job(name=job_name), lambda it: it.template.template.max_retries == 0)
    call("run.jobs list", lambda: [each.name for each in jobs.list_jobs(parent=REGION)], lambda it: it == [job_name])
    if read:
        read.template.task_count = 2
        call("run.jobs update", lambda: jobs.update_job(job=read), lambda it: it.template.task_count == 2)
    policies("run.jobs", jobs, job_name, "roles/run.invoker")
    execution = call("run.jobs run", lambda: jobs.run_job(name=job_name), lambda it: it.succeeded_count == 2)
    executions = client(run_v2.ExecutionsClient, "run")
    call("run.executions list", lambda: [each.name for each in executions.list_executions(parent=job_name)], lambda it: len(it) == 1)
    execution_name = execution.name if execution else f"{job_name}/executions/x"
    call("run.executions get", lambda: executions.get_execution(name=execution_name), lambda it: it.job == "py")
    tasks = client(run_v2.TasksClient, "run")
    done = call("run.tasks list", lambda: list(tasks.list_tasks(parent=execution_name)), lambda it: len(it) == 2) or []
    call("run.tasks get", lambda: tasks.get_task(name=done[0].name), lambda it: it.execution == execution_name.split("/")[-1])
    call("run.executions delete", lambda: executions.delete_execution(name=execution_name))
    call("run.jobs delete", lambda: jobs.delete_job(name=job_name))

    pools = client(run_v2.WorkerPoolsClient, "run")
    pool_name = f"{REGION}/workerPools/py"
    pool = run_v2.WorkerPool(template=run_v2.WorkerPoolRevisionTemplate(containers=[container]), scaling=run_v2.WorkerPoolScaling(manual_instance_count=1))
    call("run.workerPools create", lambda: pools.create_worker_pool(parent=REGION, worker_pool=pool, worker_pool_id="py"), lambda it: it.name == pool_name)
    kept = call("run.workerPools get", lambda: pools.get_worker_pool(name=pool_name), lambda it: it.scaling.manual_instance_count == 1)
    call("run.workerPools list", lambda: [each.name for each in pools.list_worker_pools(parent=REGION)], lambda it: it == [pool_name])
    if kept:
        kept.labels["a"] = "b"
        call("run.workerPools update", lambda: pools.update_worker_pool(worker_pool=kept), lambda it: it.labels["a"] == "b")
    policies("run.workerPools", pools, pool_name, "roles/run.viewer")
    call("run.workerPools delete", lambda: pools.delete_worker_pool(name=pool_name))


def artifact_registry():
    from google.cloud import artifactregistry_v1 as ar

    api = client(ar.ArtifactRegistryClient, "artifactregistry")
    name = f"{REGION}/repositories/py"
    docker = ar.Repository(format_=ar.Repository.Format.DOCKER, description="d", labels={"a": "b"})
    call("artifactregistry.repositories create", lambda: api.create_repository(parent=REGION, repository=docker, repository_id="py"), lambda it: it.name == name)
    read = call("artifactregistry.repositories get", lambda: api.get_repository(name=name), lambda it: it.format_ == ar.Repository.Format.DOCKER)
    call("artifactregistry.repositories list", lambda: [each.name for each in api.list_repositories(parent=REGION)], lambda it: name in it)
    if read:
        read.description = "e"
        call("artifactregistry.repositories update", lambda: api.update_repository(repository=read, update_mask=field_mask_pb2.FieldMask(paths=["description"])), lambda it: it.description == "e" and it.labels["a"] == "b")
    policies("artifactregistry.repositories", api, name, "roles/artifactregistry.reader")
    app = f"{REGION}/repositories/app"
    images = call("artifactregistry.dockerImages list", lambda: list(api.list_docker_images(parent=app)), lambda it: len(it) == 1)
    call("artifactregistry.dockerImages get", lambda: api.get_docker_image(name=images[0].name), lambda it: "web" in it.uri)
    call("artifactregistry.packages list", lambda: [each.name for each in api.list_packages(parent=app)], lambda it: it == [f"{app}/packages/web"])
    call("artifactregistry.packages get", lambda: api.get_package(name=f"{app}/packages/web"))
    versions = call("artifactregistry.versions list", lambda: list(api.list_versions(parent=f"{app}/packages/web")), lambda it: len(it) == 1)
    call("artifactregistry.versions get", lambda: api.get_version(request={"name": versions[0].name, "view": ar.VersionView.FULL}), lambda it: len(it.related_tags) == 1)
    tag = ar.Tag(name=f"{app}/packages/web/tags/py", version=versions[0].name if versions else "")
    call("artifactregistry.tags create", lambda: api.create_tag(parent=f"{app}/packages/web", tag=tag, tag_id="py"))
    call("artifactregistry.tags get", lambda: api.get_tag(name=tag.name), lambda it: it.version == tag.version)
    call("artifactregistry.tags list", lambda: [each.name for each in api.list_tags(parent=f"{app}/packages/web")], lambda it: tag.name in it)
    call("artifactregistry.tags update", lambda: api.update_tag(tag=tag, update_mask=field_mask_pb2.FieldMask(paths=["version"])))
    call("artifactregistry.tags delete", lambda: api.delete_tag(name=tag.name))
    files = call("artifactregistry.files list", lambda: list(api.list_files(parent=app)), lambda it: len(it) >= 2)
    call("artifactregistry.files get", lambda: api.get_file(name=files[0].name), lambda it: it.size_bytes > 0)
    call("artifactregistry.projectSettings get", lambda: api.get_project_settings(name=f"{PARENT}/projectSettings"))
    call("artifactregistry.locations list", lambda: api.list_locations(request={"name": PARENT}), lambda it: len(it.locations) > 10)
    call("artifactregistry.repositories delete", lambda: api.delete_repository(name=name))


def api_gateway():
    from google.cloud import apigateway_v1 as gw

    api = client(gw.ApiGatewayServiceClient, "apigateway")
    name = f"{GLOBAL}/apis/py"
    call("apigateway.apis create", lambda: api.create_api(parent=GLOBAL, api=gw.Api(display_name="P"), api_id="py"), lambda it: it.state == gw.Api.State.ACTIVE)
    read = call("apigateway.apis get", lambda: api.get_api(name=name), lambda it: it.display_name == "P")
    call("apigateway.apis list", lambda: [each.name for each in api.list_apis(parent=GLOBAL)], lambda it: it == [name])
    if read:
        call("apigateway.apis update", lambda: api.update_api(api=gw.Api(name=name, display_name="Q"), update_mask=field_mask_pb2.FieldMask(paths=["display_name"])), lambda it: it.display_name == "Q")
    spec = b"swagger: '2.0'\ninfo: {title: t, version: '1'}\npaths:\n  /:\n    get:\n      operationId: root\n      x-google-backend: {address: 'https://example.com'}\n      responses: {'200': {description: ok}}\n"
    document = gw.ApiConfig.OpenApiDocument(document=gw.ApiConfig.File(path="openapi.yaml", contents=spec))
    config = f"{name}/configs/c1"
    call("apigateway.configs create", lambda: api.create_api_config(parent=name, api_config=gw.ApiConfig(openapi_documents=[document]), api_config_id="c1"), lambda it: it.name.endswith("/configs/c1"))
    call("apigateway.configs get", lambda: api.get_api_config(request={"name": config, "view": gw.GetApiConfigRequest.ConfigView.FULL}), lambda it: it.openapi_documents[0].document.contents == spec)
    call("apigateway.configs list", lambda: list(api.list_api_configs(parent=name)), lambda it: len(it) == 1)
    call("apigateway.configs update", lambda: api.update_api_config(api_config=gw.ApiConfig(name=config, labels={"a": "b"}), update_mask=field_mask_pb2.FieldMask(paths=["labels"])), lambda it: it.labels["a"] == "b")
    gateway = f"{REGION}/gateways/g1"
    call("apigateway.gateways create", lambda: api.create_gateway(parent=REGION, gateway=gw.Gateway(api_config=config), gateway_id="g1"), lambda it: it.state == gw.Gateway.State.ACTIVE)
    call("apigateway.gateways get", lambda: api.get_gateway(name=gateway), lambda it: it.default_hostname != "")
    call("apigateway.gateways list", lambda: list(api.list_gateways(parent=REGION)), lambda it: len(it) == 1)
    call("apigateway.gateways update", lambda: api.update_gateway(gateway=gw.Gateway(name=gateway, labels={"a": "b"}), update_mask=field_mask_pb2.FieldMask(paths=["labels"])), lambda it: it.labels["a"] == "b")
    call("apigateway.gateways delete", lambda: api.delete_gateway(name=gateway))
    call("apigateway.configs delete", lambda: api.delete_api_config(name=config))
    call("apigateway.apis delete", lambda: api.delete_api(name=name))


def api_keys():
    from google.cloud import api_keys_v2 as keys

    api = client(keys.ApiKeysClient, "apikeys")
    target = keys.ApiTarget(service="run.googleapis.com")
    restrictions = keys.Restrictions(api_targets=[target], server_key_restrictions=keys.ServerKeyRestrictions(allowed_ips=["10.0.0.0/8"]))
    made = call("apikeys.keys create", lambda: api.create_key(parent=GLOBAL, key=keys.Key(display_name="k", restrictions=restrictions), key_id="py"), lambda it: it.key_string.startswith("AIza"))
    name = made.name if made else f"{GLOBAL}/keys/py"
    call("apikeys.keys get", lambda: api.get_key(name=name), lambda it: it.key_string == "" and it.restrictions.server_key_restrictions.allowed_ips[0] == "10.0.0.0/8")
    call("apikeys.keys list", lambda: list(api.list_keys(parent=GLOBAL)), lambda it: len(it) == 1)
    call("apikeys.keys getKeyString", lambda: api.get_key_string(name=name), lambda it: it.key_string.startswith("AIza"))
    call("apikeys.keys lookup", lambda: api.lookup_key(request={"key_string": made.key_string}), lambda it: it.name == name)
    call("apikeys.keys update", lambda: api.update_key(key=keys.Key(name=name, display_name="z"), update_mask=field_mask_pb2.FieldMask(paths=["display_name"])), lambda it: it.display_name == "z")
    call("apikeys.keys delete", lambda: api.delete_key(name=name))
    call("apikeys.keys list of what is not deleted", lambda: list(api.list_keys(request={"parent": GLOBAL, "show_deleted": False})), lambda it: it == [])
    call("apikeys.keys list of the deleted", lambda: list(api.list_keys(request={"parent": GLOBAL, "show_deleted": True})), lambda it: len(it) == 1)
    call("apikeys.keys undelete", lambda: api.undelete_key(request={"name": name}))


def service_usage():
    from google.cloud import service_usage_v1 as usage

    api = client(usage.ServiceUsageClient, "serviceusage")
    name = f"{PARENT}/services/pubsub.googleapis.com"
    call("serviceusage.services get", lambda: api.get_service(request={"name": name}), lambda it: it.state == usage.State.DISABLED)
    call("serviceusage.services enable", lambda: api.enable_service(request={"name": name}), lambda it: it.service.state == usage.State.ENABLED)
    call("serviceusage.services list", lambda: [each.config.name for each in api.list_services(request={"parent": PARENT, "filter": "state:ENABLED", "page_size": 5})], lambda it: "pubsub.googleapis.com" in it)
    call("serviceusage.services batchGet", lambda: api.batch_get_services(request={"parent": PARENT, "names": [name]}), lambda it: len(it.services) == 1)
    call("serviceusage.services batchEnable", lambda: api.batch_enable_services(request={"parent": PARENT, "service_ids": ["redis.googleapis.com", "secretmanager.googleapis.com"]}), lambda it: len(it.services) == 2)
    call("serviceusage.services disable", lambda: api.disable_service(request={"name": name}), lambda it: it.service.state == usage.State.DISABLED)


def secret_manager():
    from google.cloud import secretmanager_v1 as secrets

    api = client(secrets.SecretManagerServiceClient, "secretmanager")
    automatic = secrets.Replication(automatic=secrets.Replication.Automatic())
    made = call("secretmanager.secrets create", lambda: api.create_secret(parent=PARENT, secret_id="py", secret=secrets.Secret(replication=automatic, labels={"a": "b"}, annotations={"c": "d"}, ttl=duration_pb2.Duration(seconds=3600))), lambda it: it.expire_time is not None and it.annotations["c"] == "d")
    name = made.name if made else f"{PARENT}/secrets/py"
    call("secretmanager.secrets get", lambda: api.get_secret(name=name), lambda it: it.labels["a"] == "b" and "automatic" in it.replication)
    call("secretmanager.secrets list", lambda: [each.name for each in api.list_secrets(request={"parent": PARENT, "filter": "labels.a=b"})], lambda it: it == [name])
    call("secretmanager.secrets update", lambda: api.update_secret(secret=secrets.Secret(name=name, labels={"e": "f"}), update_mask=field_mask_pb2.FieldMask(paths=["labels"])), lambda it: dict(it.labels) == {"e": "f"})
    policies("secretmanager.secrets", api, name, "roles/secretmanager.secretAccessor")
    call("secretmanager.versions add", lambda: api.add_secret_version(parent=name, payload=secrets.SecretPayload(data=b"\x00hello\xff")), lambda it: it.state == secrets.SecretVersion.State.ENABLED)
    call("secretmanager.versions access", lambda: api.access_secret_version(name=f"{name}/versions/latest"), lambda it: it.payload.data == b"\x00hello\xff")
    call("secretmanager.versions get", lambda: api.get_secret_version(name=f"{name}/versions/1"))
    call("secretmanager.versions list", lambda: list(api.list_secret_versions(parent=name)), lambda it: len(it) == 1)
    call("secretmanager.versions disable", lambda: api.disable_secret_version(name=f"{name}/versions/1"), lambda it: it.state == secrets.SecretVersion.State.DISABLED)
    call("secretmanager.versions access of a disabled one", lambda: refused(lambda: api.access_secret_version(name=f"{name}/versions/1"), "BadRequest"), lambda it: it)
    call("secretmanager.versions enable", lambda: api.enable_secret_version(name=f"{name}/versions/1"), lambda it: it.state == secrets.SecretVersion.State.ENABLED)
    call("secretmanager.versions destroy", lambda: api.destroy_secret_version(name=f"{name}/versions/1"), lambda it: it.state == secrets.SecretVersion.State.DESTROYED)
    call("secretmanager.secrets delete", lambda: api.delete_secret(name=name))


def iam():
    from google.cloud import iam_credentials_v1 as credentials

    account = f"projects/-/serviceAccounts/deployer@{PROJECT}.iam.gserviceaccount.com"
    api = client(credentials.IAMCredentialsClient, "iamcredentials")
    call("iamcredentials generateAccessToken", lambda: api.generate_access_token(name=account, scope=["https://www.googleapis.com/auth/cloud-platform"], lifetime=duration_pb2.Duration(seconds=600)), lambda it: it.access_token.startswith("ya29.") and it.expire_time is not None)
    call("iamcredentials generateIdToken", lambda: api.generate_id_token(name=account, audience="https://x", include_email=True), lambda it: it.token.count(".") == 2)
    call("iamcredentials signBlob", lambda: api.sign_blob(name=account, payload=b"x"), lambda it: len(it.signed_blob) == 256)
    call("iamcredentials signJwt", lambda: api.sign_jwt(name=account, payload='{"a": 1}'), lambda it: it.signed_jwt.count(".") == 2)


def resource_manager():
    from google.cloud import resourcemanager_v3 as manager

    api = client(manager.ProjectsClient, "cloudresourcemanager")
    call("resourcemanager.projects get", lambda: api.get_project(name=PARENT), lambda it: it.project_id == PROJECT)
    call("resourcemanager.projects search", lambda: [each.project_id for each in api.search_projects()], lambda it: it == [PROJECT])
    policies("resourcemanager.projects", api, PARENT, "roles/viewer")


for part in (service_usage, run, artifact_registry, api_gateway, api_keys, secret_manager, iam, resource_manager):
    part()
