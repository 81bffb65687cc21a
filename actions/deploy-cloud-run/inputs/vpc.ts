import { input, invalid } from '@gangway/action';
import { emptiable, shaped, word } from '@gangway/settings';
import type { Settings } from './settings.ts';

/** Reads how the service or job reaches a VPC. */
export function readVpc(): Settings['vpc'] {
  const connector = shaped(
    'vpc_connector',
    input.optional('vpc_connector'),
    /^(projects\/[^/]+\/locations\/[^/]+\/connectors\/)?[a-z][a-z0-9-]*$/,
    'write the name of a connector, or projects/PROJECT/locations/REGION/connectors/NAME',
  );
  const network = input.optional('network');
  const subnet = input.optional('subnet');
  if (connector && connector !== 'none' && (network || subnet))
    throw invalid('vpc_connector', connector, 'a service goes through a connector or a network; keep one');
  const isGone = connector === 'none' || network === 'none';
  const beside = subnet ?? (network === 'none' ? undefined : network);
  if (isGone && beside)
    throw invalid(
      connector === 'none' ? 'vpc_connector' : 'network',
      'none',
      `it removes the VPC, and ${subnet ? 'subnet' : 'network'} names one; a network takes a connector's place by itself`,
    );
  const egress = word('vpc_egress', input.optional('vpc_egress'), {
    'all-traffic': 'ALL_TRAFFIC',
    'private-ranges-only': 'PRIVATE_RANGES_ONLY',
  });
  if (egress && isGone)
    throw invalid(
      'vpc_egress',
      input.optional('vpc_egress') ?? '',
      'nothing goes through a VPC that is removed; leave it out',
    );
  const tags = emptiable(input.list('network_tags'));
  if (tags && tags.length > 0 && (connector || network === 'none'))
    throw invalid(
      'network_tags',
      tags.join(','),
      connector && connector !== 'none'
        ? 'they go with a network, not with vpc_connector; keep one of the two'
        : 'they need the network that is removed; leave them out',
    );
  return { connector, network, subnet, tags, egress };
}
