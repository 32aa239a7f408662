@IP-11
Feature: Errors are logged, without secrets and personal data

  Scenario: The log of the run
    Given the partner hands its log in
    And Inlet refused a call of the run
    Then the log tells of the refusal
    And the log holds no credential
    And the log holds no email address, no phone number and no name of a guest
