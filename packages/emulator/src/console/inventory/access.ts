import type { View } from '../view.ts';
import { lastOf } from './names.ts';

/** Who may do what: policies, service accounts, keys and secrets, of which the names alone are given, and the APIs that are on. */
export function accessIn({ iam, iamAdmin, apiKeys, secretManager, serviceUsage, clock }: View) {
  return {
    policies: iam.all().map(({ resource, bindings }) => ({
      resource,
      bindings: bindings.map(({ role, members, condition }) => ({
        ...{ role, members },
        condition: condition?.expression ?? '',
      })),
    })),
    accounts: iamAdmin.accounts.list().map(({ email, displayName, disabled, keys }) => ({
      ...{ email, displayName, disabled },
      keys: keys.length,
    })),
    pools: iamAdmin.pools.listPools().flatMap(({ name }) =>
      iamAdmin.pools.list(name).map((provider) => ({
        name: provider.name,
        issuer: provider.issuer,
        condition: provider.attributeCondition ?? '',
        isActive: iamAdmin.pools.active(provider.name) !== undefined,
      })),
    ),
    keys: apiKeys.list(clock.now()).map(({ name, displayName, createTime, deleteTime, restrictions }) => ({
      fullName: name,
      name: displayName || lastOf(name),
      id: lastOf(name),
      created: createTime,
      isDeleted: deleteTime !== undefined,
      services: (restrictions?.apiTargets ?? []).flatMap(({ service }) => service ?? []),
    })),
    secrets: [...secretManager.secrets].map(([name, { createTime, versions }]) => ({
      name,
      created: createTime,
      versions: versions.map(({ disabled, destroyTime, createTime: made }, index) => ({
        number: index + 1,
        created: made,
        state: destroyTime !== undefined ? 'destroyed' : disabled ? 'disabled' : 'enabled',
      })),
    })),
    apis: [...serviceUsage.enabled].sort(),
  };
}
