/** The one version of the app: package.json's, bundled in. */
import { version } from '../../package.json';

export const APP_VERSION: string = version;
