/**
 * Which things a record is about: the ARNs of `resources[]` (names, where Event history lists them), and the identifiers that stand under the keys listed here in the
 * request and the response, at any depth. A key is listed when its value names one thing; `name` and the like are listed with the
 * service that means something by it. Calls that share a snapshot, an image or a document name those it is shared with as well.
 */
import { granteesOf, SHARING } from './grantees.ts';
import { MAX_VALUE_CHARS } from './limits.ts';
import { isObject, type JsonObject } from './record.ts';

/** Keys whose string value (or strings in an array) identifies a resource, whatever the service. */
const IDENTIFIER_KEYS: readonly string[] = [
  // any service
  'arn',
  'aRN',
  'resourceArn',
  'resourceARN',
  'resourceId',
  'resourceName',
  'targetArn',
  'sourceArn',
  'resourceIdList',
  // IAM, STS
  'userName',
  'roleName',
  'roleArn',
  'groupName',
  'policyArn',
  'accessKeyId',
  'serialNumber',
  'instanceProfileName',
  'instanceProfileArn',
  'openIDConnectProviderArn',
  'sAMLProviderArn',
  'serverCertificateName',
  'sSHPublicKeyId',
  'permissionsBoundary',
  // Organizations, identity center
  'targetId',
  'policyId',
  'createdAccountId',
  'organizationalUnitId',
  'instanceArn',
  'permissionSetArn',
  'principalId',
  'identityStoreId',
  // S3
  'bucketName',
  'accessPointArn',
  // EC2 and networking
  'instanceId',
  'instanceIds',
  'imageId',
  'snapshotId',
  'volumeId',
  'vpcId',
  'subnetId',
  'groupId',
  'securityGroupId',
  'networkInterfaceId',
  'internetGatewayId',
  'natGatewayId',
  'routeTableId',
  'networkAclId',
  'vpcEndpointId',
  'vpcPeeringConnectionId',
  'allocationId',
  'launchTemplateId',
  'keyName',
  'keyPairId',
  'flowLogId',
  'transitGatewayId',
  'vpnConnectionId',
  'customerGatewayId',
  'autoScalingGroupName',
  'loadBalancerArn',
  'loadBalancerName',
  'targetGroupArn',
  'listenerArn',
  'trafficMirrorSessionId',
  // databases
  'dBInstanceIdentifier',
  'dBClusterIdentifier',
  'dBSnapshotIdentifier',
  'dBClusterSnapshotIdentifier',
  'dBInstanceArn',
  'tableName',
  'tableArn',
  'clusterIdentifier',
  'cacheClusterId',
  'fileSystemId',
  'backupVaultName',
  'recoveryPointArn',
  // compute, containers, code
  'functionName',
  'functionArn',
  'layerArn',
  'clusterArn',
  'clusterName',
  'taskDefinition',
  'taskArn',
  'serviceName',
  'repositoryName',
  'registryId',
  'projectName',
  'pipelineName',
  'stackName',
  'stackId',
  'stackSetName',
  'stateMachineArn',
  'executionArn',
  'jobName',
  'restApiId',
  'apiId',
  'environmentName',
  'applicationName',
  'notebookInstanceName',
  'modelId',
  'crawlerName',
  'workGroup',
  // keys and secrets
  'keyId',
  'keyArn',
  'aliasName',
  'targetKeyId',
  'secretId',
  'aRNList',
  'certificateArn',
  'certificateAuthorityArn',
  // messages and streams
  'queueUrl',
  'queueName',
  'topicArn',
  'subscriptionArn',
  'streamName',
  'streamARN',
  'deliveryStreamName',
  'eventBusName',
  // logging and guarding
  'trailARN',
  'trailArn',
  'trailName',
  's3BucketName',
  'eventDataStore',
  'logGroupName',
  'logStreamName',
  'alarmName',
  'alarmNames',
  'detectorId',
  'configRuleName',
  'configurationRecorderName',
  'webACLId',
  'analyzerArn',
  'analyzerName',
  // DNS, edge, mail
  'hostedZoneId',
  'distributionId',
  'domainName',
  'emailAddress',
  'identity',
  'identityPoolId',
  'userPoolId',
  // Systems Manager, Direct Connect to machines
  'documentName',
  'commandId',
  'sessionId',
  'parameterName',
  'associationId',
  'managedInstanceId',
];

/** Keys that identify a resource in the records of these services only. */
const SERVICE_KEYS: readonly (readonly [eventSource: string, keys: readonly string[]])[] = [
  ['iam.amazonaws.com', ['policyName']],
  ['cloudtrail.amazonaws.com', ['name']],
  ['ssm.amazonaws.com', ['name', 'names', 'target']],
  ['events.amazonaws.com', ['name', 'rule']],
  ['secretsmanager.amazonaws.com', ['name']],
  ['eks.amazonaws.com', ['name']],
  ['ecs.amazonaws.com', ['cluster', 'service', 'task']],
  ['kms.amazonaws.com', ['grantId']],
  ['sqs.amazonaws.com', ['queue']],
  ['glue.amazonaws.com', ['databaseName', 'name']],
  ['rds.amazonaws.com', ['dBSubnetGroupName', 'dBParameterGroupName', 'dBClusterParameterGroupName', 'optionGroupName']],
  ['rolesanywhere.amazonaws.com', ['trustAnchorId', 'trustAnchorArn', 'profileId', 'profileArn', 'crlId']],
];

const COMMON = new Set(IDENTIFIER_KEYS);
const BY_SERVICE = new Map(SERVICE_KEYS.map(([service, keys]) => [service, new Set([...IDENTIFIER_KEYS, ...keys])]));

const MAX_RESOURCES = 64;
const MAX_DEPTH = 8;
const MAX_NODES = 2048;

const contentOf = (value: unknown): unknown => (isObject(value) ? value.content : undefined);

/** Collects distinct identifiers of one record after another into `values` (emptied each time): no allocation per record. */
export class ResourceCollector {
  readonly values: string[] = [];
  private keys: ReadonlySet<string> = COMMON;
  private nodes = 0;

  /** At most 64 identifiers, in the order resources[], request, response; the first of equals only. */
  collect(record: JsonObject): readonly string[] {
    this.values.length = 0;
    this.nodes = 0;
    const source = record.eventSource;
    this.keys = (typeof source === 'string' ? BY_SERVICE.get(source) : undefined) ?? COMMON;
    const resources = record.resources;
    if (Array.isArray(resources)) {
      for (let i = 0; i < resources.length && i < MAX_NODES; i++) {
        const entry: unknown = resources[i];
        if (isObject(entry)) this.add(entry.ARN ?? entry.arn ?? entry.resourceName);
      }
    }
    this.walk(record.requestParameters, 0);
    this.walk(record.responseElements, 0);
    if (typeof record.eventName === 'string' && SHARING.has(record.eventName))
      for (const grantee of granteesOf(record.requestParameters)) this.add(grantee);
    return this.values;
  }

  private walk(value: unknown, depth: number): void {
    if (typeof value !== 'object' || value === null || depth > MAX_DEPTH || this.values.length >= MAX_RESOURCES) return;
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length && this.nodes < MAX_NODES; i++) {
        this.nodes++;
        this.walk(value[i], depth + 1);
      }
      return;
    }
    const object = value as JsonObject;
    for (const key in object) {
      if (++this.nodes > MAX_NODES) return;
      const inner = object[key];
      if (typeof inner === 'string') {
        if (this.keys.has(key)) this.add(inner);
      } else if (typeof inner === 'object' && inner !== null) {
        // Newer calls of EC2 write `"FlowLogId": {"tag": 1, "content": "fl-…"}`.
        const tagged: unknown[] = Array.isArray(inner) ? inner : [inner];
        if (contentOf(tagged[0]) !== undefined && this.keys.has(key.charAt(0).toLowerCase() + key.slice(1)))
          for (let i = 0; i < tagged.length && i < MAX_RESOURCES; i++) this.add(contentOf(tagged[i]));
        // Older ones answer with `"flowLogIdSet": {"item": "fl-…"}`.
        if (key.endsWith('Set') && !Array.isArray(inner) && this.keys.has(key.slice(0, -3))) {
          const { item } = inner as JsonObject;
          if (typeof item === 'string') this.add(item);
          else if (Array.isArray(item)) for (let i = 0; i < item.length && i < MAX_RESOURCES; i++) this.add(item[i]);
        }
        if (Array.isArray(inner) && this.keys.has(key)) for (let i = 0; i < inner.length && i < MAX_RESOURCES; i++) this.add(inner[i]);
        this.walk(inner, depth + 1);
      }
    }
  }

  private add(value: unknown): void {
    if (typeof value !== 'string' || value === '' || value.length > MAX_VALUE_CHARS || this.values.length >= MAX_RESOURCES) return;
    if (!this.values.includes(value)) this.values.push(value);
  }
}
