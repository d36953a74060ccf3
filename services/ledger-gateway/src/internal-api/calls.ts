import type { CallName, CallRequest, ServedGateway } from './protocol.ts';

type Unary = Exclude<CallName, 'follow'>;

/** What each call asks of the gateway. */
const calls: { readonly [Name in Unary]: (gateway: ServedGateway, request: CallRequest<Name>) => Promise<unknown> } = {
  submitTransaction: (gateway, request) => gateway.submitTransaction(request),
  evaluateTransaction: (gateway, request) => gateway.evaluateTransaction(request),
  height: ({ blocks }, { address }) => blocks.height(address),
  block: ({ blocks }, { address, number }) => blocks.block(address, number),
  blockOfTransaction: ({ blocks }, { address, transactionId }) => blocks.blockOfTransaction(address, transactionId),
  configuration: ({ blocks }, { address, number }) => blocks.configuration(address, number),
  configurations: ({ blocks }, { address, before, limit }) => blocks.configurations(address, before, limit),
  settings: ({ blocks }, { address }) => blocks.settings(address),
};

export const perform = <Name extends Unary>(gateway: ServedGateway, name: Name, request: CallRequest<Name>): Promise<unknown> => calls[name](gateway, request);
