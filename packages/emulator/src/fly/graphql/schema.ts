import { buildSchema, GraphQLScalarType } from 'graphql';

/**
 * The part of Fly.io's GraphQL schema that flyctl's deploys, secrets, status and app commands ask
 * (https://github.com/superfly/fly-go/blob/main/schema.graphql).
 */
export const schema = buildSchema(`
  scalar JSON
  scalar BigInt
  scalar ISO8601DateTime

  type Query {
    app(name: String, internalId: String): App
    apps(type: String, first: Int, after: String, organizationId: ID, role: String): AppConnection!
    canPerformBluegreenDeployment(name: String!): Boolean!
    organization(id: ID, name: String, slug: String): Organization
    organizations(admin: Boolean, type: String, first: Int): OrganizationConnection!
    machine(machineId: String!): Machine!
    latestImageDetails(image: String!, flyVersion: String): ImageVersion!
    nearestRegion(wireguardGateway: Boolean): Region
    platform: PlatformStatus!
    viewer: Principal!
  }

  type Mutation {
    createApp(input: CreateAppInput!): CreateAppPayload
    deleteApp(appId: ID!): DeleteAppPayload
    allocateIpAddress(input: AllocateIPAddressInput!): AllocateIPAddressPayload
    createLimitedAccessToken(input: CreateLimitedAccessTokenInput!): CreateLimitedAccessTokenPayload
  }

  input CreateAppInput {
    name: String
    organizationId: ID!
    machines: Boolean
    network: String
    preferredRegion: String
    appRoleId: String
    enableSubdomains: Boolean
    heroku: Boolean
    runtime: String
  }
  type CreateAppPayload { app: App! }
  type DeleteAppPayload { organization: Organization }

  input AllocateIPAddressInput {
    appId: ID!
    type: String!
    organizationId: ID
    region: String
    network: String
    serviceName: String
  }
  type AllocateIPAddressPayload { app: App!, ipAddress: IPAddress }

  input CreateLimitedAccessTokenInput {
    name: String!
    organizationId: ID!
    profile: String!
    profileParams: JSON
    expiry: String
    optInThirdParties: [ID!]
  }
  type CreateLimitedAccessTokenPayload { limitedAccessToken: LimitedAccessToken! }
  type LimitedAccessToken { id: ID!, name: String!, tokenHeader: String, expiresAt: ISO8601DateTime! }

  type PageInfo { hasNextPage: Boolean!, endCursor: String }
  type AppConnection { nodes: [App!]!, pageInfo: PageInfo!, totalCount: Int! }
  type OrganizationConnection { nodes: [Organization!]! }

  type Organization {
    id: ID!
    internalNumericId: BigInt!
    slug: String!
    rawSlug: String!
    name: String!
    type: String!
    paidPlan: Boolean!
    billable: Boolean!
    billingStatus: String!
    viewerRole: String!
    remoteBuilderImage: String!
    addOns(type: AddOnType): AddOnConnection!
    limitedAccessTokens(first: Int): LimitedAccessTokenConnection!
  }
  type LimitedAccessTokenConnection { nodes: [LimitedAccessToken!]! }

  enum AddOnType { arcjet enveloop fly_mysql kubernetes redis sentry supabase tigris upstash_kafka upstash_redis upstash_vector wafris }
  type AddOnConnection { nodes: [AddOn!]! }
  type AddOnPlan { displayName: String, description: String }
  type AddOn {
    id: ID!
    name: String
    addOnPlan: AddOnPlan
    privateIp: String
    primaryRegion: String
    readRegions: [String!]
    options: JSON
    metadata: JSON
    status: String
    errorMessage: String
    publicUrl: String
  }

  type App {
    id: ID!
    internalNumericId: Int!
    name: String!
    hostname: String
    appUrl: String
    cnameTarget: String
    network: String
    status: String!
    deployed: Boolean!
    platformVersion: String
    version: Int!
    createdAt: ISO8601DateTime!
    organization: Organization!
    role: AppRole
    config: AppConfig!
    services: [Service!]!
    imageDetails: ImageVersion
    machines(active: Boolean, first: Int): MachineConnection!
    secrets: [Secret!]!
    image(ref: String!): Image
    currentRelease: Release
    currentReleaseUnprocessed: Release
    releases(first: Int): ReleaseConnection!
    releasesUnprocessed(first: Int): ReleaseConnection!
    ipAddresses: IPAddressConnection!
    sharedIpAddress: String
    egressIpAddresses: EgressIPAddressConnection!
    limitedAccessTokens(first: Int): LimitedAccessTokenConnection!
  }
  type AppConfig { definition: JSON! }
  type Service { description: String!, protocol: String!, internalPort: Int!, ports: [ServicePort!]! }
  type ServicePort { port: Int, handlers: [String!]! }
  type MachineConnection { nodes: [Machine!]! }
  type Machine {
    id: ID!
    name: String!
    config: JSON!
    state: String!
    region: String!
    createdAt: ISO8601DateTime!
    app: App!
    ips: MachineIPConnection!
    host: Host
  }
  type MachineIPConnection { nodes: [MachineIP!]! }
  type MachineIP { family: String!, kind: String!, ip: String!, maskSize: Int! }
  type Host { id: ID! }
  type AppRole { name: String! }
  type Secret { id: ID!, name: String!, digest: String!, createdAt: ISO8601DateTime! }
  type Image { id: ID!, digest: String!, ref: String!, compressedSize: Int!, compressedSizeFull: BigInt!, manifest: JSON, config: JSON, label(name: String!): String }
  type ImageVersion { registry: String!, repository: String!, tag: String!, version: String, digest: String! }
  type ReleaseConnection { nodes: [Release!]! }
  type Release {
    id: ID!
    version: Int!
    status: String!
    description: String!
    reason: String!
    imageRef: String
    stable: Boolean!
    inProgress: Boolean!
    evaluationId: String
    deploymentStrategy: String!
    configDefinition: JSON
    metadata: JSON
    user: User
    createdAt: ISO8601DateTime!
  }
  interface Principal { email: String!, name: String }
  type Macaroon implements Principal { email: String!, name: String }
  type User implements Principal { id: ID!, email: String!, name: String, username: String, enablePaidHobby: Boolean! }
  type IPAddressConnection { nodes: [IPAddress!]! }
  type Network { name: String!, organization: Organization }
  type IPAddress { network: Network, id: ID!, address: String!, type: String!, region: String, serviceName: String, createdAt: ISO8601DateTime! }
  type EgressIPAddressConnection { nodes: [EgressIPAddress!]! }
  type EgressIPAddress { id: ID!, ip: String!, version: Int!, region: String!, updatedAt: ISO8601DateTime! }
  type PlatformStatus { requestRegion: String, regions: [Region!]! }
  type Region { code: String!, name: String!, latitude: Float, longitude: Float, gatewayAvailable: Boolean!, requiresPaidPlan: Boolean! }
`);

// Fly.io sends its BigInts as texts, and flyctl takes nothing else.
const bigInt = schema.getType('BigInt');
if (bigInt instanceof GraphQLScalarType) bigInt.serialize = String;
