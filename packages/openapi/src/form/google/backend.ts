import { isAddress, isPlaceholder } from '../../model/backends/address.ts';
import { quoted } from '../say.ts';
import { flag, objectOf, oneOf, type Shape, seconds, word } from '../shape.ts';

/** Where to, or what a template will make of it, which is said elsewhere. */
const address: Shape = (value, place, name, fault) => {
  const fits = typeof value === 'string' && (isAddress(value) || isPlaceholder(value));
  if (!fits)
    fault(
      place,
      `${name} is ${quoted(value)}; it must be an address with scheme, host and path, such as https://app.example.`,
    );
};

const translation = oneOf('APPEND_PATH_TO_ADDRESS', 'CONSTANT_ADDRESS');

/**
 * A backend, in the spelling of either dialect: `x-google-backend` of 2.0
 * (https://cloud.google.com/api-gateway/docs/oasv2-extensions), a member of `x-google-api-management.backends` of 3.x
 * (https://cloud.google.com/api-gateway/docs/oasv3-extensions).
 */
export const backend = objectOf({
  fields: {
    address,
    jwt_audience: word,
    jwtAudience: word,
    disable_auth: flag,
    disableAuth: flag,
    path_translation: translation,
    pathTranslation: translation,
    deadline: seconds,
    protocol: oneOf('http/1.1', 'h2'),
  },
  others: 'refused',
});
