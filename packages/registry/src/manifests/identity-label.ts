/** The label of an image that build-and-push built: a hash of the inputs that went into it, besides the sources. */
export const IDENTITY_LABEL = 'dev.gangway.inputs';
