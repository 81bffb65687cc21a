import type { Family } from '../problem.ts';

export const COMPUTE_ENGINE: Family = {
  title: 'Compute Engine',
  problems: [
    {
      codes: ['container-failed'],
      says: "The container of … doesn't run",
      why: 'The container ended, or the machine could not pull its image. The previous container runs again where there was one.',
      fix: 'Read the lines of the serial port in the message. Run the image with the same settings on your machine.',
    },
    {
      codes: ['group-failed'],
      says: "can't make",
      why: 'Compute Engine could not create an instance of the group, for example because the zone has no room or a quota is used up.',
      fix: 'Read its sentence in the message. Try another zone or `machine_type`, or ask for a larger quota.',
    },
    {
      codes: ['not-container-optimized'],
      says: "doesn't run Container-Optimized OS",
      why: 'The unit that the action writes needs Container-Optimized OS, and the instance boots another system.',
      fix: 'Name a new instance, or write a cloud-init file for this one and give it as `cloud_init`.',
    },
    {
      codes: ['needs-replacement'],
      says: "which a restart doesn't change",
      why: 'The instance has another machine type, disk or network than the input says, and `strategy: restart` keeps the machine.',
      fix: 'Write `strategy: replace`, with a reserved address; or leave the input empty.',
    },
    {
      codes: ['replacement-loses'],
      says: "which a new machine of this action doesn't get",
      why: 'The instance, or the template of the group, has further disks or network interfaces, accelerators, spot provisioning or deletion protection. A new machine would be without.',
      fix: 'Write `strategy: restart` for an instance, which keeps the machine. For a group, change the template with gcloud, or name a new group.',
    },
    {
      codes: ['scope-missing', 'account-missing'],
      says: 'Input "runtime_service_account" is required for a new machine',
      why: 'The machine signs in as its service account to pull the image and to read secrets. It has none, or its access scopes forbid it.',
      fix: 'Name a service account with `roles/artifactregistry.reader` on the repository. For an instance that exists, run the command in the message, or write `strategy: replace`.',
    },
    {
      codes: ['user-data-too-long'],
      says: 'The user data of … has … bytes',
      why: 'Compute Engine limits the length of a metadata value.',
      fix: 'Move long values into secrets or into the image.',
    },
    {
      codes: ['user-data-foreign', 'declaration-unsupported'],
      says: "has user data that this action didn't write",
      why: 'The machine boots from a configuration that someone else wrote, and the deploy would replace it.',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the action fills it in.
      fix: 'Keep that file in the repository, with `${IMAGE}` where the image goes, and give it as `cloud_init`.',
    },
    {
      codes: ['address-missing', 'address-unusable', 'address-taken'],
      says: 'There is no address … in …',
      why: 'The reserved address does not exist in the region of the instance, is internal, or another instance uses it.',
      fix: 'Write `create_address: true`, or name an external address of that region that is free.',
    },
    {
      codes: ['image-family-missing'],
      says: 'Container-Optimized OS has no family …',
      why: 'The family of boot images is misspelt or retired.',
      fix: 'Choose one that `gcloud compute images list --project=cos-cloud --no-standard-images` shows.',
    },
    {
      codes: ['firewall-foreign', 'health-check-foreign', 'instance-foreign', 'template-foreign'],
      says: "already exists. This action didn't create it",
      why: 'A resource with the name that the deploy needs exists, and someone else made it. It is left alone.',
      fix: 'Use it as it is by leaving the input empty, delete it, or name another.',
    },
  ],
};
