/** The bundler takes it out of the script into a file of its own. */
declare module '*.css';
