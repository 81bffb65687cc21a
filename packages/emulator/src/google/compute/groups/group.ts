import { randomInt } from 'node:crypto';
import type { Context } from '../context.ts';
import { ComputeError } from '../errors.ts';
import { blueprintOf } from '../instances/blueprint.ts';
import { insertForGroup } from '../instances/insert.ts';
import { removeForGroup } from '../instances/power.ts';
import { change, requireResource } from '../resources/resource.ts';
import { wantedVersions } from './amounts.ts';
import { neededAction } from './differences.ts';
import { checkHealth, healthCheckOf } from './health.ts';
import { agentOf, askedFor, propertiesOf, zoneFor } from './instance-of.ts';
import { plan, type Step } from './plan.ts';
import {
  type Action,
  type GroupError,
  type GroupView,
  type Manager,
  type Member,
  pathOfMember,
} from './types.ts';

/** Milliseconds between looks at what is under way, and before a creation that failed is tried again. */
const LOOK = 100;
const RETRY = 5000;
const LETTERS = 'bcdfghjklmnpqrstvwxz0123456789';

/** What keeps a group as its manager says. */
export class Group implements GroupView {
  readonly members: Member[] = [];
  readonly errors: GroupError[] = [];
  readonly #cloud: Context;
  readonly #path: string;
  readonly #checking = new Set<Member>();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** @param path of its manager, e.g. `zones/us-west1-a/instanceGroupManagers/web` */
  constructor(cloud: Context, path: string) {
    this.#cloud = cloud;
    this.#path = path;
  }

  get manager(): Manager {
    return requireResource(this.#cloud, this.#path) as unknown as Manager;
  }

  /** Takes the next steps now, and goes on by itself until it is closed. */
  tend(): void {
    clearTimeout(this.#timer);
    if (this.#isClosed || !this.#cloud.compute.resources.has(this.#path)) return;
    for (const member of [...this.members]) this.#follow(member);
    for (const step of this.#steps()) this.#take(step);
    for (const member of this.members) void this.#check(member);
    this.#timer = setTimeout(() => this.tend(), LOOK).unref();
  }

  /** Stops to look after it. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  /** Removes an instance, and leaves its place empty. */
  delete(member: Member): void {
    this.#take({ do: 'delete', member });
  }

  /** A name that no instance of the group has. */
  newName(): string {
    const { baseInstanceName } = this.manager;
    for (;;) {
      const end = Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
      const name = `${baseInstanceName}-${end}`;
      if (!this.members.some((member) => member.name === name)) return name;
    }
  }

  create(name: string, template: string, version: string | undefined): void {
    const member: Member = {
      name,
      zone: zoneFor(this.#path, this.manager, this.members),
      template,
      version,
      state: 'CREATING',
      since: this.#now(),
      streak: 0,
      errors: [],
    };
    this.members.push(member);
    this.#insert(member);
  }

  #steps(): readonly Step[] {
    const { manager } = this;
    const { updatePolicy: policy, targetSize: size } = manager;
    return plan({
      ...{ size, policy, members: this.members, versions: wantedVersions(manager) },
      surge: policy.maxSurge.calculated ?? 0,
      unavailable: policy.maxUnavailable.calculated ?? 0,
      needed: (from, to) =>
        from === to ? 'NONE' : neededAction(propertiesOf(this.#cloud, from), propertiesOf(this.#cloud, to)),
    });
  }

  #take(step: Step): void {
    if (step.do === 'create') {
      this.create(this.newName(), step.version.template, step.version.name);
      return;
    }
    const { member } = step;
    if (step.do === 'delete') {
      member.state = 'DELETING';
      this.#remove(member);
      return;
    }
    member.template = step.version.template;
    member.version = step.version.name;
    member.asked = undefined;
    this.#update(member, step.action);
  }

  #update(member: Member, action: Action): void {
    if (action === 'REPLACE') {
      member.state = 'RECREATING';
      member.health = undefined;
      this.#remove(member);
      return;
    }
    const path = pathOfMember(member);
    const { tags, metadata, labels, labelFingerprint } = blueprintOf(
      undefined,
      this.#cloud,
      askedFor(this.#cloud, this.manager, member),
    );
    if (action !== 'NONE') change(this.#cloud, path, { tags, metadata, labels, labelFingerprint });
    this.#cloud.machines.changed(path);
    if (action !== 'RESTART') return;
    member.state = 'RESTARTING';
    this.#cloud.machines.reset(path).then(
      () => this.#begun(member),
      (error: unknown) => this.#failed(member, error),
    );
  }

  #insert(member: Member): void {
    try {
      member.operation = insertForGroup(
        this.#cloud,
        member.zone,
        member.name,
        askedFor(this.#cloud, this.manager, member),
        agentOf(this.#cloud),
      );
    } catch (error) {
      this.#failed(member, error);
    }
  }

  #remove(member: Member): void {
    try {
      member.operation = removeForGroup(this.#cloud, pathOfMember(member), agentOf(this.#cloud));
    } catch {
      // It is gone already, or something else is done with it: the next look tells.
      member.operation = undefined;
    }
  }

  /** Looks how far what is under way with an instance is. */
  #follow(member: Member): void {
    const { compute, operations } = this.#cloud;
    if (member.operation) {
      if (!operations.get(member.operation).done) return;
      const { error } = compute.operations.get(member.operation) ?? {};
      member.operation = undefined;
      if (error) {
        const told = { reason: '', code: error.code };
        this.#failed(member, new ComputeError('UNAVAILABLE', error.message, told));
        return;
      }
    }
    this.#advance(member, compute.resources.has(pathOfMember(member)));
  }

  /** @param isThere whether there is an instance */
  #advance(member: Member, isThere: boolean): void {
    const { state } = member;
    if (isThere) {
      if (state === 'CREATING') this.#begun(member);
      else if (state === 'DELETING' || state === 'RECREATING') this.#remove(member);
    } else if (state === 'DELETING') this.members.splice(this.members.indexOf(member), 1);
    else if (state === 'CREATING' || state === 'RECREATING') {
      if ((member.retry ?? 0) > this.#now()) return;
      member.state = 'CREATING';
      member.since = this.#now();
      this.#insert(member);
    } else {
      // Somebody has removed it: the group makes it again.
      member.state = 'RECREATING';
      member.health = undefined;
    }
  }

  #begun(member: Member): void {
    member.errors = [];
    member.since = this.#now();
    member.streak = 0;
    const hasCheck = healthCheckOf(this.#cloud, this.manager) !== undefined;
    member.state = hasCheck ? 'VERIFYING' : 'NONE';
    member.health = hasCheck ? 'UNKNOWN' : undefined;
  }

  #failed(member: Member, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const code = error instanceof ComputeError ? error.code : 'INTERNAL_ERROR';
    const time = this.#now();
    member.errors = [{ code, message }];
    member.retry = time + RETRY;
    this.errors.unshift({ code, message, action: member.state, member, time });
    this.errors.splice(50);
  }

  /** Probes an instance when it is time to, and has it made again when it stays ill. */
  async #check(member: Member): Promise<void> {
    const found = healthCheckOf(this.#cloud, this.manager);
    if (!found || !['NONE', 'VERIFYING'].includes(member.state) || this.#checking.has(member)) return;
    this.#checking.add(member);
    const { state } = member;
    try {
      await checkHealth(this.#cloud, pathOfMember(member), member, found.check);
    } finally {
      this.#checking.delete(member);
    }
    if (member.state !== state || this.#isClosed) return;
    if (member.health === 'HEALTHY') member.state = 'NONE';
    const isLate = this.#now() - member.since >= found.initialDelay;
    const isIll = member.health === 'UNHEALTHY' || member.health === 'TIMEOUT';
    if (isIll && isLate) this.#update(member, 'REPLACE');
  }

  #now(): number {
    return this.#cloud.clock.now();
  }
}
