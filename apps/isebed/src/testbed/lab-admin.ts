/** An administrator of the ISE nodes. */
export interface NodeAdmin {
  userName: string;
  password: string;
}

/** The administrator of the simulated deployment. A test value: it opens nothing but the testbed's own nodes. */
export const ADMIN: NodeAdmin = { userName: 'admin', password: 'isebed-Lab-1' };
