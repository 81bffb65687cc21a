/**
 * The APIs that gcloud's commands ask, as its api_endpoint_overrides name them (`gcloud topic configurations`). Those that the local cloud does
 * not have are pointed at it as well, so that a command says so at once and never asks the real Google.
 */
export const GCLOUD_APIS: readonly string[] = [
  'accessapproval accesscontextmanager ai aiplatform alloydb anthosevents anthospolicycontrollerstatus_pa apigateway apigee',
  'apihub apikeys appconfigmanager appengine apphub artifactregistry assuredworkloads auditmanager authztoolkit backupdr',
  'baremetalsolution batch beyondcorp bigquery bigquerymigration bigtableadmin binaryauthorization categorymanager',
  'certificatemanager cloudaicompanion cloudasset cloudbilling cloudbuild cloudcommerceconsumerprocurement clouddebugger',
  'clouddeploy clouderrorreporting cloudfunctions cloudidentity cloudkms cloudlocationfinder cloudnumberregistry cloudquotas',
  'cloudresourcemanager cloudresourcesearch cloudscheduler cloudshell cloudtasks cloudtrace composer compute config',
  'configdelivery connectgateway container containeranalysis datacatalog dataflow datafusion datamigration datapipelines',
  'dataplex datapol dataproc dataprocgdc datastore datastream deploymentmanager designcenter developerconnect discovery dns',
  'domains edgecontainer edgenetwork eventarc eventarcpublishing faultinjectiontesting file firebasedataconnect firestore',
  'geminicloudassist genomics gkebackup gkehub gkemulticloud gkeonprem gkerecommender healthcare iam iamcredentials iap ids',
  'krmapihosting kubernetespolicy language lifesciences logging looker lustre managedflink managedidentities managedkafka',
  'manager marketplacesolutions mediaasset memcache memorystore messagestreams metastore ml modelarmor monitoring netapp',
  'networkconnectivity networkmanagement networksecurity networkservices notebooks observability ondemandscanning oracledatabase',
  'orglifecycle orgpolicy osconfig oslogin parallelstore parametermanager policyanalyzer policysimulator policytroubleshooter',
  'privateca privilegedaccessmanager publicca pubsub pubsublite recaptchaenterprise recommender redis remotebuildexecution',
  'replicapoolupdater run runapps runtimeconfig saasservicemgmt sasportal sddc seclm secretmanager securesourcemanager',
  'securitycenter securitycentermanagement securityposture servicedirectory servicemanagement serviceregistry serviceusage',
  'source sourcerepo spanner speech sql storage storagebatchoperations storageinsights stream telcoautomation testing',
  'toolresults tpu transcoder transfer transferappliance vision vmmigration vmwareengine vpcaccess workflowexecutions workflows',
  'workloadcertificate workstations',
].flatMap((names) => names.split(' '));
