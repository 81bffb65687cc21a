import type { Container, Service, Template } from './types.ts';

/** A container, or a template, as a caller may give it: only the image is needed. */
export type AskedContainer = Pick<Container, 'image'> & Partial<Container>;
export type AskedTemplate = Partial<Omit<Template, 'containers'>> & { containers?: AskedContainer[] };
export type AskedService = Partial<Omit<Service, 'template'>> & { template?: AskedTemplate };
