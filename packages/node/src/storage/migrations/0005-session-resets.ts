/** That a session with a contact was set up anew is said until the person saw it. */
export const sessionResets: string = `
ALTER TABLE conversations ADD COLUMN session_reset_wall_ms INTEGER;
`;
