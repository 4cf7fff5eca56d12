/** Logs and lists of AWS that are text and not CloudTrail's, by their first line. Formats: the services' user guides ("log format"). */

const TEXT_LOGS: readonly (readonly [RegExp, string])[] = [
  [/^[0-9a-f]{64} \S{3,63} \[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d /, 'An S3 server access log'],
  [/^version account-id interface-id /, 'A VPC flow log'],
  [/^\d{1,2} (?:\d{12}|unknown) eni-[0-9a-f]+ /, 'A VPC flow log'],
  [/^(?:https?|h2|grpcs?|wss?) \d{4}-\d\d-\d\dT[\d:.]{8,20}Z app\//, 'An access log of an Application Load Balancer'],
  [/^tls \d\.\d \d{4}-\d\d-\d\dT[\d:.]{8,20} net\//, 'An access log of a Network Load Balancer'],
  [/^\d{4}-\d\d-\d\dT[\d:.]{8,20}Z \S{1,64} [\d.]{7,15}:\d{1,5} /, 'An access log of a Classic Load Balancer'],
  [/^#Version: 1\.0/, 'A CloudFront access log'],
  [/^user,arn,user_creation_time,/, 'An IAM credential report'],
  [/^(?:\S{1,64} )?AWS_CloudWatch_Logs|^Permission Check Successful/, 'A test file that CloudWatch Logs writes before an export'],
];

/** "An S3 server access log", or null. `line`: the first line, at most 4 kB. */
export function awsTextLog(line: string): string | null {
  for (const [pattern, name] of TEXT_LOGS) if (pattern.test(line)) return name;
  return null;
}

type Keys = readonly string[];
/** All keys of one of these lists are there. */
const JSON_DOCUMENTS: readonly (readonly [Keys, string])[] = [
  [['configurationItems', 'fileVersion'], 'An AWS Config snapshot or history file'],
  [['configurationItemVersion', 'resourceType'], 'An AWS Config configuration item'],
  [['configRuleName', 'invokingEvent'], 'An AWS Config rule’s invocation'],
  [['schemaVersion', 'severity', 'service', 'accountId'], 'A GuardDuty finding'],
  [['SchemaVersion', 'ProductArn', 'GeneratorId'], 'A Security Hub finding'],
  [['Findings'], 'A list of findings (Security Hub or GuardDuty)'],
  [['webaclId', 'httpRequest'], 'An AWS WAF log'],
  [['query_name', 'query_type'], 'A Route 53 query log'],
  [['auditID', 'stage', 'verb'], 'A Kubernetes audit log'],
  [['flowDirection', 'interfaceId'], 'A VPC flow log'],
  [['firewall_name', 'event_timestamp'], 'An AWS Network Firewall log'],
  [['sourceBucket', 'fileSchema', 'files'], 'A manifest of S3 Inventory'],
  [['Statement', 'Version'], 'An IAM policy'],
  [['Reservations'], 'Output of ec2 describe-instances'],
  [['awslogs'], 'A Lambda event of CloudWatch Logs whose records are packed in base64; take the data out of it and unpack it'],
  [['kinesis'], 'A Kinesis record whose data is packed in base64; take the data out of it and unpack it'],
  [['recordId', 'data'], 'A Firehose record whose data is packed in base64; take the data out of it and unpack it'],
  [['terraform_version', 'lineage'], 'A Terraform state'],
];

/** "An AWS Config snapshot …", or null. */
export function awsDocument(has: (key: string) => boolean): string | null {
  for (const [keys, name] of JSON_DOCUMENTS) if (keys.every(has)) return name;
  return null;
}
