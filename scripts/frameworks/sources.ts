/** Repositories whose tests hold what the framework writes, and where: the documents are fetched, not kept here. */
export const SOURCES: Readonly<Record<string, { readonly repository: string; readonly documents: RegExp }>> =
  {
    'drf-spectacular': {
      repository: 'tfranzel/drf-spectacular',
      documents: /^tests\/.*\.yml$/,
    },
    nestjs: { repository: 'nestjs/swagger', documents: /^e2e\/api-spec\.json$/ },
    nswag: {
      repository: 'RicoSuter/NSwag',
      documents: /^src\/NSwag\.(Sample\.[^/]*\/openapi\.json|(ConsoleCore|Generation)\b.*\.verified\.txt)$/,
    },
    open_api_spex: { repository: 'open-api-spex/open_api_spex', documents: /\.json$/ },
    rswag: { repository: 'rswag/rswag', documents: /^test-app\/(openapi|swagger)\/.*\.(json|ya?ml)$/ },
    scribe: { repository: 'knuckleswtf/scribe', documents: /^tests\/Fixtures\/openapi.*\.yaml$/ },
    smallrye: {
      repository: 'smallrye/smallrye-open-api',
      documents: /^extension-[^/]*\/src\/test\/resources\/.*\.json$/,
    },
    springdoc: {
      repository: 'springdoc/springdoc-openapi',
      documents: /\/src\/test\/resources\/results\/.*\.json$/,
    },
    swaggo: {
      repository: 'swaggo/swag',
      documents: /^(example|testdata)\/.*(swagger|expected)\.(json|yaml)$/,
    },
    swashbuckle: {
      repository: 'domaindrivendev/Swashbuckle.AspNetCore',
      documents: /\/snapshots\/.*\.verified\.txt$/,
    },
    'swagger-jsdoc': {
      repository: 'Surnet/swagger-jsdoc',
      documents: /^(examples|test)\/.*\.(json|ya?ml)$/,
    },
    'swagger-php': { repository: 'zircote/swagger-php', documents: /^docs\/examples\/.*\.yaml$/ },
    tapir: { repository: 'softwaremill/tapir', documents: /\/src\/test\/resources\/.*expected_.*\.yml$/ },
    utoipa: { repository: 'juhaku/utoipa', documents: /\.snap$/ },
  };
