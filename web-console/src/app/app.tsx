import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Route, Routes } from 'react-router';
import { Home } from '../home/home.tsx';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { SessionGate } from '../session/session-gate.tsx';
import { Broken } from './broken.tsx';
import { Layout } from './layout.tsx';
import { NotFound } from './not-found.tsx';

const CreateConsortium = lazy(() => import('../create-consortium/create-consortium.tsx').then(({ CreateConsortium }) => ({ default: CreateConsortium })));
const Operations = lazy(() => import('../operations/operations.tsx').then(({ Operations }) => ({ default: Operations })));
const Operation = lazy(() => import('../operations/operation.tsx').then(({ Operation }) => ({ default: Operation })));
const Consortium = lazy(() => import('../consortia/consortium.tsx').then(({ Consortium }) => ({ default: Consortium })));
const Applications = lazy(() => import('../applications/applications.tsx').then(({ Applications }) => ({ default: Applications })));
const Api = lazy(() => import('../api/api.tsx').then(({ Api }) => ({ default: Api })));
const Audit = lazy(() => import('../audit/audit.tsx').then(({ Audit }) => ({ default: Audit })));
const Settings = lazy(() => import('../settings/settings.tsx').then(({ Settings }) => ({ default: Settings })));
const Ledger = lazy(() => import('../ledger/ledger.tsx').then(({ Ledger }) => ({ default: Ledger })));
const Overview = lazy(() => import('../consortia/overview.tsx').then(({ Overview }) => ({ default: Overview })));
const Topology = lazy(() => import('../topology/topology.tsx').then(({ Topology }) => ({ default: Topology })));
const Nodes = lazy(() => import('../nodes/nodes.tsx').then(({ Nodes }) => ({ default: Nodes })));
const NodeScreen = lazy(() => import('../nodes/node.tsx').then(({ NodeScreen }) => ({ default: NodeScreen })));
const AddNode = lazy(() => import('../nodes/add-node.tsx').then(({ AddNode }) => ({ default: AddNode })));
const Channels = lazy(() => import('../channels/channels.tsx').then(({ Channels }) => ({ default: Channels })));
const Channel = lazy(() => import('../channels/channel.tsx').then(({ Channel }) => ({ default: Channel })));
const Certificates = lazy(() => import('../certificates/certificates.tsx').then(({ Certificates }) => ({ default: Certificates })));
const ContractList = lazy(() => import('../contracts/contract-list.tsx').then(({ ContractList }) => ({ default: ContractList })));
const ContractPage = lazy(() => import('../contracts/contract-page.tsx').then(({ ContractPage }) => ({ default: ContractPage })));
const CallPage = lazy(() => import('../contracts/call/call-page.tsx').then(({ CallPage }) => ({ default: CallPage })));
const SourcePage = lazy(() => import('../contracts/source/source-page.tsx').then(({ SourcePage }) => ({ default: SourcePage })));
const DeployPage = lazy(() => import('../contracts/deploy/deploy-page.tsx').then(({ DeployPage }) => ({ default: DeployPage })));
const TemplateList = lazy(() => import('../contracts/template-list.tsx').then(({ TemplateList }) => ({ default: TemplateList })));

export function App() {
  const { t } = useTranslation();
  return (
    <ErrorBoundary fallback={(error) => <Broken error={error} />}>
      <Suspense fallback={<Waiting words={t('loadingPage')} page />}>
        <SessionGate>
          <Routes>
            <Route element={<Layout />}>
              <Route index element={<Home />} />
              <Route path="create" element={<CreateConsortium />} />
              <Route path="operations" element={<Operations />} />
              <Route path="operations/:id" element={<Operation />} />
              <Route path="templates" element={<TemplateList />} />
              <Route path="templates/source" element={<SourcePage />} />
              <Route path="consortia/:name" element={<Consortium />}>
                <Route index element={<Overview />} />
                <Route path="ledger/*" element={<Ledger />} />
                <Route path="applications" element={<Applications />} />
                <Route path="topology" element={<Topology />} />
                <Route path="nodes" element={<Nodes />} />
                <Route path="nodes/:member/:node" element={<NodeScreen />} />
                <Route path="add-node" element={<AddNode />} />
                <Route path="channels" element={<Channels />} />
                <Route path="channels/:channel" element={<Channel />} />
                <Route path="certificates" element={<Certificates />} />
                <Route path="contracts" element={<ContractList />} />
                <Route path="contracts/deploy" element={<DeployPage />} />
                <Route path="contracts/of/:contract/upgrade" element={<DeployPage />} />
                <Route path="contracts/of/:contract" element={<ContractPage />} />
                <Route path="contracts/of/:contract/call" element={<CallPage />} />
              </Route>
              <Route path="audit" element={<Audit />} />
              <Route path="api" element={<Api />} />
              <Route path="settings" element={<Settings />} />
              <Route path="*" element={<NotFound />} />
            </Route>
          </Routes>
        </SessionGate>
      </Suspense>
    </ErrorBoundary>
  );
}
