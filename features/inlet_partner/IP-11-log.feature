@IP-11
Feature: Errors are logged, without secrets and personal data

  Scenario: A refused call
    Given the partner hands its log in
    And Inlet refused a call of the run
    Then the log tells of the refusal

  Scenario: Neither secrets nor guests
    Given the partner hands its log in
    And a guest's stay was booked
    And a form was filled in that no system should take
    And the credential was refused while guests booked
    Then the log holds no credential
    And the log holds nothing that opens a door
    And the log holds no email address, no phone number and no name of a guest
