mod sign_up;
