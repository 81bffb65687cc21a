/** What the name of a secret may be, which becomes an environment variable. */
export const SECRET_NAME = /^[A-Za-z_]\w*$/;
