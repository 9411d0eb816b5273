/** Headers of each client, from its source: the Ansible collection calls through the Python SDK. */
export const SDK_CLIENTS = {
  'ciscoisesdk (Python), and the Ansible collection upon it': {
    accept: 'application/json',
    'content-type': 'application/json;charset=utf-8',
    'user-agent': 'python-cisco-ise/2.4.5',
  },
  'ciscoise-go-sdk, with ISE_USE_CSRF_TOKEN': {
    accept: 'application/json',
    'content-type': 'application/json',
    'x-csrf-token': 'fetch',
    'user-agent': 'go-resty/2.7.0',
  },
} as const;
