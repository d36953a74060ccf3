// Its package has types for what it exports, and none for this part of it; shim.ts says what it uses.
declare module 'fabric-shim/lib/server.js';
