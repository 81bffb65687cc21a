/** Who issues Google's ID tokens; the form without the scheme is the same issuer. */
export const GOOGLE_ISSUER = 'https://accounts.google.com';
