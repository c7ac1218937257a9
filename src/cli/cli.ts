import { messageOf } from '../domain/error-message.js';
import { tell } from './print.js';
import { createProgram } from './program.js';
import { stopWithReader } from './stop.js';

// On Node 20 the AWS SDK announces at every start that it will drop it; that is the Lambda's matter, not the laptop's.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

stopWithReader();

createProgram()
  .parseAsync()
  .catch((error: unknown) => {
    tell(messageOf(error));
    process.exitCode = 1;
  });
