export const id = 768;
export const ids = [768];
export const modules = {

/***/ 60768:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  answerQuery: () => (/* binding */ answerQuery)
});

// EXTERNAL MODULE: ./node_modules/graphql/index.js
var graphql = __webpack_require__(17645);
// EXTERNAL MODULE: ./packages/emulator/src/kernel/clock.ts
var clock = __webpack_require__(21389);
// EXTERNAL MODULE: ./packages/emulator/src/fly/apps/apps.ts
var apps = __webpack_require__(44090);
// EXTERNAL MODULE: ./packages/emulator/src/fly/apps/ip-assignments.ts
var ip_assignments = __webpack_require__(31644);
// EXTERNAL MODULE: ./packages/emulator/src/fly/errors.ts
var errors = __webpack_require__(37016);
// EXTERNAL MODULE: ./packages/emulator/src/fly/regions.ts
var regions = __webpack_require__(87682);
// EXTERNAL MODULE: ./packages/emulator/src/fly/sign-in/organizations.ts
var organizations = __webpack_require__(93143);
// EXTERNAL MODULE: ./packages/emulator/src/fly/sign-in/token.ts
var sign_in_token = __webpack_require__(13306);
// EXTERNAL MODULE: ./packages/emulator/src/fly/apps/app.ts
var apps_app = __webpack_require__(26011);
// EXTERNAL MODULE: ./packages/emulator/src/fly/machines/image.ts
var machines_image = __webpack_require__(66791);
;// CONCATENATED MODULE: ./packages/emulator/src/fly/graphql/machine.ts

/**
 * A machine's fields, of which GraphQL has fewer than the Machines API.
 * @param app the fields of its app, for a query that asks for them
 */
function shownMachine(machine, app) {
    const { id, name, config, state, region, createdAt, privateIp } = machine;
    return {
        id,
        name,
        config,
        state,
        region,
        createdAt: (0,clock/* timestamp */.vE)(createdAt),
        app,
        ips: { nodes: [{ family: 'v6', kind: 'privatenet', ip: privateIp, maskSize: 112 }] },
        host: { id: 'local' },
    };
}
/** An app's services are what its machines are configured with. */
function shownServices(machine) {
    return (machine?.config.services ?? []).map(({ protocol, internal_port, ports }) => ({
        description: '',
        protocol: (protocol ?? 'tcp').toUpperCase(),
        internalPort: internal_port ?? 0,
        ports: (ports ?? []).map(({ port, handlers }) => ({
            port: port ?? null,
            handlers: (handlers ?? []).map((handler) => handler.toUpperCase()),
        })),
    }));
}

;// CONCATENATED MODULE: ./packages/emulator/src/fly/graphql/organization.ts
/** An organization's fields. */
function shownOrganization({ id, numericId, slug, name, personal, }) {
    return {
        id,
        internalNumericId: numericId,
        slug,
        rawSlug: slug,
        name,
        type: personal ? 'PERSONAL' : 'SHARED',
        paidPlan: false,
        billable: true,
        billingStatus: 'CURRENT',
        viewerRole: 'admin',
        remoteBuilderImage: '',
        addOns: { nodes: [] },
        limitedAccessTokens: { nodes: [] },
    };
}

;// CONCATENATED MODULE: ./packages/emulator/src/fly/graphql/app.ts







/** An app's fields; graphql-js calls those that are functions with the arguments of the query. */
function shownApp(cloud, app) {
    const { name, numericId, network, organization, releases, ips, secrets } = app;
    const newest = (first) => ({
        nodes: [...releases]
            .reverse()
            .slice(0, first ?? 25)
            .map(shownRelease),
    });
    const active = [...app.machines.values()].filter((machine) => machine.active);
    const latest = releases.at(-1);
    const complete = releases.findLast(({ status }) => status === 'complete');
    return {
        id: name,
        internalNumericId: numericId,
        name,
        hostname: `${name}.fly.dev`,
        // The one place where the platform says by which URL an app answers; here that is a listener on loopback.
        appUrl: app.url ?? null,
        cnameTarget: `${numericId.toString(36)}.${name}.fly.dev`,
        network: network === 'default' ? null : network,
        status: (0,apps_app/* statusOf */.c)(app),
        deployed: (0,apps_app/* statusOf */.c)(app) !== 'pending',
        platformVersion: 'machines',
        version: latest?.version ?? 0,
        createdAt: (0,clock/* timestamp */.vE)(app.createdAt),
        organization: shownOrganization(organization),
        role: app.role ? { name: app.role } : null,
        config: { definition: latest?.definition ?? {} },
        services: () => shownServices(active[0]),
        imageDetails: () => active[0] ? { ...active[0].image, tag: active[0].image.tag ?? '', version: null } : null,
        machines: () => ({ nodes: active.map((machine) => shownMachine(machine, () => shownApp(cloud, app))) }),
        secrets: () => secrets.shown().map((secret) => ({ ...secret, id: secret.name, createdAt: secret.created_at })),
        image: ({ ref }) => app_image(cloud, app, ref),
        currentRelease: complete ? shownRelease(complete) : null,
        currentReleaseUnprocessed: latest ? shownRelease(latest) : null,
        releases: ({ first }) => newest(first),
        releasesUnprocessed: ({ first }) => newest(first),
        ipAddresses: {
            nodes: ips.filter(({ shared }) => !shared).map(shownAddress),
        },
        sharedIpAddress: ips.find(({ shared }) => shared)?.ip ?? null,
        egressIpAddresses: { nodes: [] },
        limitedAccessTokens: { nodes: [] },
    };
}
/** An address of an app. */
function shownAddress({ ip, type, region, service_name, created_at, }) {
    return { id: ip, address: ip, type, region, serviceName: service_name, createdAt: created_at };
}
async function app_image(cloud, app, reference) {
    try {
        const found = await (0,machines_image/* imageFor */.z)(cloud, app.organization, reference);
        return {
            id: `img_${found.ref.digest.slice(7, 23)}`,
            digest: found.ref.digest,
            ref: reference,
            compressedSize: Math.min(found.size, 2 ** 31 - 1),
            compressedSizeFull: String(found.size),
            manifest: null,
            config: null,
            label: () => null,
        };
    }
    catch (error) {
        if (error instanceof errors/* FlyError */.Mr && /: manifest unknown$/.test(error.message))
            return null;
        if (error instanceof errors/* FlyError */.Mr)
            throw new graphql/* GraphQLError */.eOn(error.message, { extensions: { code: 'UNPROCESSABLE' } });
        throw error;
    }
}
function shownRelease(release) {
    const { id, version, status, imageRef, strategy, definition, metadata, user, createdAt } = release;
    return {
        id,
        version,
        status,
        description: 'Deploy image',
        reason: '',
        imageRef,
        stable: status === 'complete',
        inProgress: status === 'running',
        evaluationId: null,
        deploymentStrategy: strategy,
        configDefinition: definition,
        metadata,
        user: { id: user, email: user, name: user },
        createdAt: (0,clock/* timestamp */.vE)(createdAt),
    };
}

// EXTERNAL MODULE: ./packages/emulator/src/fly/machines/config.ts
var config = __webpack_require__(19106);
;// CONCATENATED MODULE: ./packages/emulator/src/fly/graphql/limited-token.ts


/**
 * Makes a token that may do less, as `flyctl tokens create` asks for.
 * @throws FlyError when the token that asks may not, or for a profile that is not known
 */
function limitedToken(cloud, { kind }, organization, { name, profile, profileParams, expiry }) {
    if (kind !== 'user' && kind !== 'org')
        throw new errors/* FlyError */.Mr(403, 'Not authorized to create tokens');
    const lifetime = expiry ? { lifetime: (0,config/* milliseconds */.Rz)(expiry, 0) / 1000 } : {};
    const issue = (scope) => cloud.fly.tokens.issue({ ...scope, name, organization, ...lifetime });
    if (profile === 'deploy_organization')
        return issue({ kind: 'org' });
    if (profile === 'read_organization')
        return issue({ kind: 'readonly' });
    if (profile !== 'deploy')
        throw (0,errors/* invalid */.Gq)(`unknown profile "${profile}"`);
    const app = cloud.fly.findApp(profileParams?.app_id ?? '');
    if (!app || app.organization !== organization)
        throw new errors/* FlyError */.Mr(404, 'Could not find App');
    return cloud.fly.tokens.issue({ kind: 'deploy', name, organization, app, ...lifetime });
}

;// CONCATENATED MODULE: ./packages/emulator/src/fly/graphql/root.ts












/** What queries and mutations answer the bearer of a token. */
function root(cloud, token) {
    const organization = (wanted) => {
        const found = (0,organizations/* readable */.H)({ token }, cloud).find(({ id, slug }) => id === wanted.id || slug === wanted.slug);
        if (!found)
            throw notFound('Organization');
        return found;
    };
    const visible = () => cloud.fly.apps().filter((app) => (0,sign_in_token/* allows */.N)(token, app, 'read'));
    return {
        app: ({ name }) => shownApp(cloud, find(cloud, token, name, 'read')),
        apps: ({ organizationId, role }) => {
            const nodes = visible()
                .filter(({ organization: { id } }) => !organizationId || id === organizationId)
                .filter((app) => !role || app.role === role);
            return {
                nodes: nodes.map((app) => shownApp(cloud, app)),
                pageInfo: { hasNextPage: false, endCursor: null },
                totalCount: nodes.length,
            };
        },
        canPerformBluegreenDeployment: ({ name }) => {
            find(cloud, token, name, 'read');
            return true;
        },
        machine: ({ machineId }) => {
            const app = visible().find(({ machines }) => machines.has(machineId));
            const machine = app?.machines.get(machineId);
            if (!app || !machine)
                throw notFound('Machine');
            return shownMachine(machine, () => shownApp(cloud, app));
        },
        organization: (wanted) => shownOrganization(organization(wanted)),
        organizations: () => ({ nodes: (0,organizations/* readable */.H)({ token }, cloud).map(shownOrganization) }),
        latestImageDetails: ({ image }) => {
            throw new graphql/* GraphQLError */.eOn(`Unknown repository: ${image}`, { extensions: { code: 'NOT_FOUND' } });
        },
        nearestRegion: region('iad'),
        platform: { requestRegion: 'iad', regions: regions/* REGIONS */.i.map(({ code }) => region(code)) },
        viewer: () => ({
            // A token that was made for a purpose is nobody's.
            __typename: token.kind === 'user' ? 'User' : 'Macaroon',
            id: token.id,
            email: token.name,
            name: token.name,
            username: token.name,
            enablePaidHobby: true,
        }),
        createApp: ({ input, }) => said(() => {
            const { slug } = organization({ id: input.organizationId });
            return {
                app: shownApp(cloud, (0,apps/* createApp */.Ef)({ token }, cloud, input.name ?? '', slug, input.network, input.appRoleId)),
            };
        }),
        deleteApp: ({ appId }) => {
            const app = find(cloud, token, appId, 'write');
            (0,apps/* removeApp */._e)(cloud, app);
            return { organization: shownOrganization(app.organization) };
        },
        allocateIpAddress: ({ input: { appId, type, region, serviceName }, }) => said(() => {
            const app = find(cloud, token, appId, 'write');
            return {
                app: shownApp(cloud, app),
                ipAddress: shownAddress((0,ip_assignments/* assignAddress */.W)(cloud, app, type, region, serviceName)),
            };
        }),
        createLimitedAccessToken: ({ input }) => said(() => {
            const issued = limitedToken(cloud, token, organization({ id: input.organizationId }), input);
            return {
                limitedAccessToken: {
                    id: issued.id,
                    name: issued.name,
                    tokenHeader: `FlyV1 ${issued.macaroon}`,
                    expiresAt: (0,clock/* timestamp */.vE)(issued.expires),
                },
            };
        }),
    };
}
/** GraphQL does not tell an app that is not there from one that is somebody else's. */
function find(cloud, token, name, action) {
    const app = cloud.fly.findApp(name ?? '');
    if (!app || !(0,sign_in_token/* allows */.N)(token, app, 'read'))
        throw notFound('App');
    if ((0,sign_in_token/* allows */.N)(token, app, action))
        return app;
    throw new graphql/* GraphQLError */.eOn('Not authorized to access this app', { extensions: { code: 'UNAUTHORIZED' } });
}
function notFound(what) {
    return new graphql/* GraphQLError */.eOn(`Could not find ${what}`, { extensions: { code: 'NOT_FOUND' } });
}
function said(work) {
    try {
        return work();
    }
    catch (error) {
        if (error instanceof errors/* FlyError */.Mr)
            throw new graphql/* GraphQLError */.eOn(error.message, { extensions: { code: 'UNPROCESSABLE' } });
        throw error;
    }
}
function region(wanted) {
    const found = regions/* REGIONS */.i.find(({ code }) => code === wanted);
    return found ? { ...found, gatewayAvailable: true, requiresPaidPlan: false } : null;
}

;// CONCATENATED MODULE: ./packages/emulator/src/fly/graphql/schema.ts

/**
 * The part of Fly.io's GraphQL schema that flyctl's deploys, secrets, status and app commands ask
 * (https://github.com/superfly/fly-go/blob/main/schema.graphql).
 */
const schema = (0,graphql/* buildSchema */.IV5)(`
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
if (bigInt instanceof graphql/* GraphQLScalarType */.AgT)
    bigInt.serialize = String;

;// CONCATENATED MODULE: ./packages/emulator/src/fly/graphql/query.ts



/** Answers a query by Fly.io's schema, as the holder of a token. */
async function answerQuery({ query = '', variables, operationName }, cloud, token) {
    return (0,graphql/* graphql */.UGq)({
        schema: schema,
        source: query,
        rootValue: root(cloud, token),
        ...(variables && { variableValues: variables }),
        ...(operationName && { operationName }),
    });
}


/***/ })

};
