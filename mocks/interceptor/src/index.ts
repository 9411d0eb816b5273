export {
  InterceptorMock,
  type InspectionMode,
  type InterceptorOptions,
  type StartedInterceptor,
} from './interceptor-mock.ts';
